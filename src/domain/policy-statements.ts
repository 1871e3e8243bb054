import type { Json, JsonObject } from './json.ts';
import { isJsonObject, listOf, objectOf } from './json.ts';

/**
 * A policy document as it compares: AWS gives order and lists of one no meaning, and some services write the one for
 * the other ("IAM JSON policy elements", IAM user guide).
 */
export function canonicalPolicy(document: JsonObject): JsonObject {
  return { ...document, Statement: statementsOf(document).map(canonicalStatement) };
}

/** One statement, likewise. */
export function canonicalStatement(statement: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(statement).map(([member, value]) => [member, canonical(value)]));
}

/** A document with one statement may hold it outside of a list. */
export function statementsOf(document: JsonObject | undefined): readonly JsonObject[] {
  const statements = document?.['Statement'];
  return isJsonObject(statements) ? [statements] : listOf(statements).map(objectOf);
}

/** The document with this statement in place of the one of its Sid, or behind all others. */
export function withStatement(document: JsonObject | undefined, statement: JsonObject): JsonObject {
  const isOurs = (one: JsonObject) => one['Sid'] === statement['Sid'];
  const statements = statementsOf(document);
  const merged = statements.some(isOurs)
    ? statements.map((one) => (isOurs(one) ? statement : one))
    : [...statements, statement];
  return { Version: '2012-10-17', ...document, Statement: merged };
}

function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.length === 1 ? canonical(value[0] ?? null) : value.toSorted(byText);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([member, inner]): [string, Json] => [member, canonical(inner)]));
}

function byText(a: Json, b: Json): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
