import type { Json, JsonObject } from '#src/domain/json.ts';

/** What a masking policy document says: the wire form has two statements that repeat the same identifiers. */
export interface PolicyMeaning {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly version: string | undefined;
  /** Sorted, as AWS gives order no meaning. */
  readonly audited: readonly string[];
  readonly masked: readonly string[];
  /** Regexes by name. */
  readonly customIdentifiers: { readonly [name: string]: string };
  readonly findings: JsonObject;
  readonly [member: string]: string | undefined | readonly string[] | JsonObject;
}

/** Reads a document of any origin: what is missing or misshapen reads as empty. */
export function meaningOf(document: JsonObject): PolicyMeaning {
  const statements = list(document['Statement']).map(object);
  const audit = statements.filter((one) => 'Audit' in object(one['Operation']));
  const mask = statements.filter((one) => 'Deidentify' in object(one['Operation']));
  const customs = list(object(document['Configuration'])['CustomDataIdentifier']).map(object);
  return {
    name: text(document['Name']),
    description: text(document['Description']),
    version: text(document['Version']),
    audited: identifiers(audit),
    masked: identifiers(mask),
    customIdentifiers: Object.fromEntries(customs.map((one) => [text(one['Name']) ?? '', text(one['Regex']) ?? ''])),
    findings: destinationOf(document),
  };
}

/** Where a policy's findings go; empty: nowhere. */
export function destinationOf(document: JsonObject): JsonObject {
  const audit = list(document['Statement'])
    .map((one) => object(object(object(one)['Operation'])['Audit']))
    .find((one) => 'FindingsDestination' in one);
  return object(audit?.['FindingsDestination']);
}

/** The same policy, with findings delivered nowhere. */
export function withoutFindings(document: JsonObject): JsonObject {
  return {
    ...document,
    Statement: list(document['Statement'])
      .map(object)
      .map((statement) => {
        const operation = object(statement['Operation']);
        if (!('Audit' in operation)) return statement;
        return { ...statement, Operation: { ...operation, Audit: { FindingsDestination: {} } } };
      }),
  };
}

/** Undefined where the text is not a JSON object. */
export function parseDocument(policy: string): JsonObject | undefined {
  try {
    const parsed: Json = JSON.parse(policy);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function identifiers(statements: readonly JsonObject[]): readonly string[] {
  const all = statements.flatMap((one) => list(one['DataIdentifier'])).filter((one) => typeof one === 'string');
  return [...new Set(all)].sort();
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function object(value: Json | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {};
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
