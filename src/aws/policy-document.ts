import type { Json, JsonObject } from '#src/domain/json.ts';
import { isJsonObject, listOf, objectOf, textOf } from '#src/domain/json.ts';
import { destinationOf } from '#src/domain/masking.ts';

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
  const statements = listOf(document['Statement']).map(objectOf);
  const audit = statements.filter((one) => 'Audit' in objectOf(one['Operation']));
  const mask = statements.filter((one) => 'Deidentify' in objectOf(one['Operation']));
  const customs = listOf(objectOf(document['Configuration'])['CustomDataIdentifier']).map(objectOf);
  return {
    name: textOf(document['Name']),
    description: textOf(document['Description']),
    version: textOf(document['Version']),
    audited: identifiers(audit),
    masked: identifiers(mask),
    customIdentifiers: Object.fromEntries(
      customs.map((one) => [textOf(one['Name']) ?? '', textOf(one['Regex']) ?? '']),
    ),
    findings: destinationOf(document),
  };
}

/** The same policy, with findings delivered nowhere. */
export function withoutFindings(document: JsonObject): JsonObject {
  return {
    ...document,
    Statement: listOf(document['Statement'])
      .map(objectOf)
      .map((statement) => {
        const operation = objectOf(statement['Operation']);
        if (!('Audit' in operation)) return statement;
        return { ...statement, Operation: { ...operation, Audit: { FindingsDestination: {} } } };
      }),
  };
}

/** Undefined where the text is not a JSON object. */
export function parseDocument(policy: string): JsonObject | undefined {
  try {
    const parsed: Json = JSON.parse(policy);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function identifiers(statements: readonly JsonObject[]): readonly string[] {
  const all = statements.flatMap((one) => listOf(one['DataIdentifier'])).filter((one) => typeof one === 'string');
  return [...new Set(all)].sort();
}
