import type { JsonObject } from './json.ts';
import { listOf, objectOf, textOf } from './json.ts';
import type { DataProtectionPolicy } from './resource.ts';

/**
 * Whether a policy in AWS masks at least what is declared: ACTIVATED, every declared identifier in its Deidentify
 * statement, every declared custom regex as declared. Findings do not matter here: a failing findings destination
 * must not cost the masking.
 */
export function masksAtLeast(declared: DataProtectionPolicy, observed: DataProtectionPolicy | undefined): boolean {
  if (observed?.status !== 'ACTIVATED') return false;
  const masked = deidentified(observed.document);
  const customs = customIdentifiers(observed.document);
  return (
    [...deidentified(declared.document)].every((identifier) => masked.has(identifier)) &&
    [...customIdentifiers(declared.document)].every(([name, regex]) => customs.get(name) === regex)
  );
}

/** The identifiers that a policy document masks. */
export function deidentified(document: JsonObject): ReadonlySet<string> {
  const statements = listOf(document['Statement']).filter(
    (statement) => 'Deidentify' in objectOf(objectOf(statement)['Operation']),
  );
  return new Set(
    statements
      .flatMap((statement) => listOf(objectOf(statement)['DataIdentifier']))
      .filter((one) => typeof one === 'string'),
  );
}

function customIdentifiers(document: JsonObject): ReadonlyMap<string | undefined, string | undefined> {
  const entries = listOf(objectOf(document['Configuration'])['CustomDataIdentifier']).map(objectOf);
  return new Map(entries.map((entry) => [textOf(entry['Name']), textOf(entry['Regex'])]));
}

/** Where a policy's findings go; empty: nowhere. */
export function destinationOf(document: JsonObject): JsonObject {
  const audit = listOf(document['Statement'])
    .map((one) => objectOf(objectOf(objectOf(one)['Operation'])['Audit']))
    .find((one) => 'FindingsDestination' in one);
  return objectOf(audit?.['FindingsDestination']);
}
