import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '#src/domain/json.ts';
import managed from '#src/domain/managed-data-identifiers.json' with { type: 'json' };
import { invalidParameter } from './errors.ts';
import { isObject, list, object, objects, text } from './members.ts';
import type { Scope } from './operation.ts';

const managedNames: ReadonlySet<string> = new Set(managed.map((one) => one.name));
const customLimit = 10;

/**
 * Refuses a document that CloudWatch Logs would: one Audit and one Deidentify statement in this order, equal
 * DataIdentifier arrays, an empty MaskConfig, names and regexes in their character sets, known identifiers, findings
 * destinations that exist. Sources: SDK documentation of PutDataProtectionPolicy, CloudWatch Logs user guide.
 */
export function checkDataProtectionDocument(document: string, scope: Scope): void {
  const policy = parse(document);
  if (policy === undefined) throw invalidParameter('The policy document is not valid JSON.');
  const name = text(policy, 'Name');
  if (name === undefined || name === '') throw invalidParameter('Policy must have a Name.');
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    throw invalidParameter('Policy Name can only include alphanumeric characters, hyphens and underscores');
  }
  if (policy['Description'] !== undefined && typeof policy['Description'] !== 'string') {
    throw invalidParameter('Policy Description must be a string.');
  }
  if (policy['Version'] !== '2021-06-01') throw invalidParameter("Policy Version must be '2021-06-01'.");

  const customs = customIdentifiers(policy);
  const [audit, deidentify] = statements(policy);
  for (const statement of [audit, deidentify]) checkIdentifiers(statement, customs, scope);
  if (!isDeepStrictEqual(audit['DataIdentifier'], deidentify['DataIdentifier'])) {
    throw invalidParameter('The DataIdentifier arrays of the Audit and the Deidentify statement must match exactly.');
  }
  for (const destination of destinations(audit)) requireDestination(destination, scope);
}

/** What a document names as findings destinations: `[kind, name]`, of a document that may be anything. */
export function findingsDestinations(document: string): readonly (readonly [string, string])[] {
  const policy = parse(document);
  return policy === undefined ? [] : objects(policy, 'Statement').flatMap(destinations);
}

/** The identifiers that a document masks, managed ones without their ARN, customs by name with their regex. */
export function maskedBy(document: string): readonly { readonly name: string; readonly regex: string | undefined }[] {
  const policy = parse(document) ?? {};
  const regexes = new Map(
    objects(object(policy, 'Configuration'), 'CustomDataIdentifier').map((one) => [
      text(one, 'Name'),
      text(one, 'Regex'),
    ]),
  );
  const deidentify = objects(policy, 'Statement').find((one) => object(object(one, 'Operation'), 'Deidentify'));
  return (list(deidentify, 'DataIdentifier') ?? []).map(String).map((identifier) => ({
    name: identifier.split('/').at(-1) ?? identifier,
    regex: regexes.get(identifier),
  }));
}

function statements(policy: JsonObject): readonly [JsonObject, JsonObject] {
  const [audit, deidentify, ...more] = objects(policy, 'Statement');
  const findings = object(object(object(audit, 'Operation'), 'Audit'), 'FindingsDestination');
  const mask = object(object(object(deidentify, 'Operation'), 'Deidentify'), 'MaskConfig');
  if (!audit || !deidentify || more.length > 0 || !object(object(audit, 'Operation'), 'Audit')) {
    throw invalidParameter('Policy must have exactly two statements, an Audit and then a Deidentify one.');
  }
  if (!findings) throw invalidParameter('The Audit operation must have a FindingsDestination.');
  if (!mask || Object.keys(mask).length > 0) {
    throw invalidParameter('The Deidentify operation must have a MaskConfig, and it must be empty.');
  }
  return [audit, deidentify];
}

function checkIdentifiers(statement: JsonObject, customs: ReadonlySet<string>, scope: Scope): void {
  const identifiers = list(statement, 'DataIdentifier') ?? [];
  if (identifiers.length === 0) throw invalidParameter('A statement must have at least one DataIdentifier.');
  const prefix = `arn:${scope.account.partition}:dataprotection::aws:data-identifier/`;
  for (const identifier of identifiers) {
    const known =
      typeof identifier === 'string' &&
      (identifier.startsWith(prefix) ? managedNames.has(identifier.slice(prefix.length)) : customs.has(identifier));
    if (!known) {
      throw invalidParameter(
        `${typeof identifier === 'string' ? identifier : JSON.stringify(identifier)} is not a valid Data Identifier`,
      );
    }
  }
}

function customIdentifiers(policy: JsonObject): ReadonlySet<string> {
  const customs = objects(object(policy, 'Configuration'), 'CustomDataIdentifier');
  if (customs.length > customLimit) {
    throw invalidParameter(`A policy can have at most ${customLimit} custom data identifiers.`);
  }
  const names = new Set<string>();
  for (const custom of customs) {
    const name = text(custom, 'Name') ?? '';
    const regex = text(custom, 'Regex') ?? '';
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) {
      throw invalidParameter(`Custom data identifier name is not valid: '${name}'`);
    }
    if (managedNames.has(name)) {
      throw invalidParameter(`Custom data identifier name '${name}' is the name of a managed data identifier.`);
    }
    if (names.has(name)) throw invalidParameter(`Custom data identifier name '${name}' is used twice.`);
    if (!/^[A-Za-z0-9 _#=@/;,\-^$?[\]{}|\\*+.]{1,200}$/.test(regex) || !compiles(regex)) {
      throw invalidParameter(`Regex of the custom data identifier '${name}' is not valid: '${regex}'`);
    }
    names.add(name);
  }
  return names;
}

function destinations(statement: JsonObject): readonly (readonly [string, string])[] {
  const findings = object(object(object(statement, 'Operation'), 'Audit'), 'FindingsDestination');
  const members = { CloudWatchLogs: 'LogGroup', Firehose: 'DeliveryStream', S3: 'Bucket' };
  return Object.entries(members).flatMap(([kind, member]): [string, string][] => {
    const destination = object(findings, kind);
    return destination ? [[kind, text(destination, member) ?? '']] : [];
  });
}

function requireDestination([kind, name]: readonly [string, string], scope: Scope): void {
  const exists =
    kind === 'CloudWatchLogs'
      ? scope.region.logGroups.has(name)
      : kind === 'Firehose'
        ? scope.region.deliveryStreams.has(name)
        : scope.world.buckets.has(name);
  if (!exists) throw invalidParameter(`The findings destination does not exist: ${kind} ${name}`);
}

function compiles(regex: string): boolean {
  try {
    return new RegExp(regex) instanceof RegExp;
  } catch {
    return false;
  }
}

function parse(document: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(document);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
