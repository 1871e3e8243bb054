import { isDeepStrictEqual } from 'node:util';
import { Stalled } from './failure.ts';
import type { JsonObject } from './json.ts';
import { listOf, objectOf, textOf } from './json.ts';
import { destinationOf } from './masking.ts';
import { identifierARN, isListed } from './plan/managed-identifiers.ts';
import type { DataProtectionPolicy, Observed } from './resource.ts';

/** AWS's limits of a masking policy (CloudWatch Logs user guide, "Custom data identifiers"; PutDataProtectionPolicy). */
const CUSTOMS_LIMIT = 10;
const CUSTOM_NAME_LIMIT = 128;
const DOCUMENT_LIMIT = 30_720;

const namesNote = '; keeps what was masked before: ';
const findingsNote = '; keeps where findings went before';
const names = new RegExp(`${namesNote}(?<names>[\\w-]+(?:, [\\w-]+)*)`);

/** What a policy masked before we came, or part of it. */
interface Found {
  /** ARNs. */
  readonly managed: readonly string[];
  /** Entries of the document's Configuration, by name. */
  readonly customs: ReadonlyMap<string, JsonObject>;
  /** Where its findings go; empty: nowhere. */
  readonly findings: JsonObject;
}

/**
 * The declared policy, and beside it what somebody's policy on the same log group masks already: adoption makes masking
 * never weaker. What is kept is noted in the Description, from which later passes, told that the policy is `ours` now,
 * know it again whatever the spec says then. A findings destination is kept where none is declared.
 *
 * A custom identifier whose name is declared with another regex is kept under a name of its own. Throws Stalled
 * `RejectedByAWS` where both together exceed what AWS takes.
 */
export function keepingIdentifiers(
  desired: DataProtectionPolicy,
  observed: Observed<'DataProtectionPolicy'> | undefined,
  ours: boolean,
): DataProtectionPolicy {
  if (observed === undefined) return desired;
  const found = foundIn(observed.resource.document);
  const kept = ours ? notedIn(observed.resource.document, found, desired.document) : found;
  if (kept === undefined) return desired;
  const declared = foundIn(desired.document);
  const { customs, renamed } = bothOf(declared.customs, kept.customs);
  if (customs.size > CUSTOMS_LIMIT) throw tooManyCustoms(desired.name, kept.customs, customs.size);
  const identifiers = [...new Set([...identifiersIn(desired.document), ...kept.managed, ...renamed])].sort();
  const destination = destinationOf(desired.document);
  const silent = isEmpty(destination);
  const keepsFindings = !isEmpty(kept.findings) && (silent || isDeepStrictEqual(destination, kept.findings));

  const { Description, Configuration, Statement, ...head } = desired.document;
  const document: JsonObject = {
    ...head,
    Description: noting(textOf(Description) ?? '', [...kept.managed.map(shortName), ...renamed], keepsFindings),
    ...(customs.size > 0 && {
      Configuration: { ...objectOf(Configuration), CustomDataIdentifier: [...customs.values()] },
    }),
    Statement: listOf(Statement)
      .map(objectOf)
      .map((statement) => ({
        ...statement,
        DataIdentifier: identifiers,
        ...(silent && keepsFindings && 'Audit' in objectOf(statement['Operation'])
          ? { Operation: { Audit: { FindingsDestination: kept.findings } } }
          : {}),
      })),
  };
  const size = JSON.stringify(document).length;
  if (size > DOCUMENT_LIMIT) throw tooLong(desired.name, size);
  return { ...desired, document };
}

function foundIn(document: JsonObject): Found {
  const identifiers = identifiersIn(document);
  const entries = listOf(objectOf(document['Configuration'])['CustomDataIdentifier']).map(objectOf);
  // One that no statement names masks nothing.
  const customs = entries.flatMap((entry): [string, JsonObject][] => {
    const name = textOf(entry['Name']);
    return name === undefined || !identifiers.has(name) ? [] : [[name, entry]];
  });
  return {
    managed: [...identifiers].filter((one) => one.startsWith('arn:')).sort(),
    customs: new Map(customs),
    findings: destinationOf(document),
  };
}

/** What is only audited counts too: AWS takes a policy only if it audits and masks the same. */
function identifiersIn(document: JsonObject): ReadonlySet<string> {
  const all = listOf(document['Statement']).flatMap((statement) => listOf(objectOf(statement)['DataIdentifier']));
  return new Set(all.filter((one) => typeof one === 'string'));
}

/**
 * Of a policy of ours, what it kept when it was adopted; undefined: nothing is noted. A managed identifier that somebody
 * took out of it is known by its name; the regex of a custom one is lost with it.
 */
function notedIn(document: JsonObject, found: Found, desired: JsonObject): Found | undefined {
  const description = textOf(document['Description']) ?? '';
  const noted = new Set(names.exec(description)?.groups?.['names']?.split(', '));
  const keepsFindings = description.includes(findingsNote);
  if (noted.size === 0 && !keepsFindings) return undefined;
  const known = new Set([...found.managed.map(shortName), ...found.customs.keys()]);
  const partition = partitionOf([...found.managed, ...identifiersIn(desired)]);
  const missing = [...noted].filter((name) => !known.has(name) && isListed(name));
  return {
    managed: [
      ...found.managed.filter((arn) => noted.has(shortName(arn))),
      ...missing.map((name) => identifierARN(partition, name)),
    ],
    customs: new Map([...found.customs].filter(([name]) => noted.has(name))),
    findings: keepsFindings ? found.findings : {},
  };
}

function noting(description: string, kept: readonly string[], keepsFindings: boolean): string {
  const declared = description.replace(names, '').replace(findingsNote, '');
  const identifiers = kept.length === 0 ? '' : `${namesNote}${[...new Set(kept)].sort().join(', ')}`;
  return `${declared}${identifiers}${keepsFindings ? findingsNote : ''}`;
}

/** The declared custom identifiers, then those kept; `renamed` are the names that the kept ones have in it. */
function bothOf(
  declared: ReadonlyMap<string, JsonObject>,
  kept: ReadonlyMap<string, JsonObject>,
): { readonly customs: ReadonlyMap<string, JsonObject>; readonly renamed: readonly string[] } {
  const more = new Map<string, JsonObject>();
  const renamed = byName(kept).map(([name, entry]) => {
    const taken = (one: string) => declared.get(one) ?? more.get(one);
    const fits = (one: string) => taken(one) === undefined || taken(one)?.['Regex'] === entry['Regex'];
    let free = name;
    for (let again = 1; !fits(free); again += 1) {
      const suffix = again === 1 ? '-kept' : `-kept-${again}`;
      free = `${name.slice(0, CUSTOM_NAME_LIMIT - suffix.length)}${suffix}`;
    }
    if (taken(free) === undefined) more.set(free, { ...entry, Name: free });
    return free;
  });
  return { customs: new Map([...declared, ...byName(more)]), renamed };
}

function byName(customs: ReadonlyMap<string, JsonObject>): readonly (readonly [string, JsonObject])[] {
  return [...customs].sort(([a], [b]) => (a < b ? -1 : 1));
}

function shortName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function partitionOf(identifiers: readonly string[]): string {
  return identifiers.find((one) => one.startsWith('arn:'))?.split(':')[1] ?? 'aws';
}

function isEmpty(destination: JsonObject): boolean {
  return Object.keys(destination).length === 0;
}

function tooManyCustoms(group: string, kept: ReadonlyMap<string, JsonObject>, total: number): Stalled {
  return new Stalled(
    'RejectedByAWS',
    `the masking policy of log group ${group} has custom identifiers that are not of this monitor and are kept (${[...kept.keys()].sort().join(', ')}); with the declared ones it would have ${total}, and AWS takes ${CUSTOMS_LIMIT}. Nothing is changed: remove some from dataProtection.customIdentifiers, or from the policy in AWS`,
  );
}

function tooLong(group: string, size: number): Stalled {
  return new Stalled(
    'RejectedByAWS',
    `the masking policy of log group ${group} would have ${size} characters with the identifiers that are not of this monitor and are kept, and AWS takes ${DOCUMENT_LIMIT}. Nothing is changed: declare fewer identifiers, or remove some from the policy in AWS`,
  );
}
