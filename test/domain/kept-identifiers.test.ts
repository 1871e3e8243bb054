import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Stalled } from '#src/domain/failure.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { listOf, objectOf, textOf } from '#src/domain/json.ts';
import { keepingIdentifiers } from '#src/domain/kept-identifiers.ts';
import { deidentified, destinationOf, masksAtLeast } from '#src/domain/masking.ts';
import type { DataProtectionPolicy, Observed } from '#src/domain/resource.ts';

const name = '/aws/bedrock/invocations';
const description = 'Masks Bedrock invocation records';
const toGroup: JsonObject = { CloudWatchLogs: { LogGroup: '/somebody/findings' } };
const toBucket: JsonObject = { S3: { Bucket: 'findings' } };

describe('a policy that is adopted', () => {
  test('goes on masking what it masked, and notes what that is', () => {
    const desired = policy({ managed: ['Name', 'EmailAddress'], customs: { Badge: 'B[0-9]{6}' } });
    const found = policy({ by: 'somebody', managed: ['Ssn-US', 'EmailAddress'], customs: { Case: 'C-[0-9]+' } });
    expect(keepingIdentifiers(desired, observed(found), false)).toEqual(
      policy({
        managed: ['EmailAddress', 'Name', 'Ssn-US'],
        customs: { Badge: 'B[0-9]{6}', Case: 'C-[0-9]+' },
        description: `${description}; keeps what was masked before: Case, EmailAddress, Ssn-US`,
      }),
    );
  });

  test('what was only audited is kept, too: AWS takes equal lists only', () => {
    const { document } = policy({ by: 'somebody', managed: ['Address'] });
    const [audit] = listOf(document['Statement']);
    const found = { ...policy({ managed: [] }), document: { ...document, Statement: [audit ?? null] } };
    expect(masked(keepingIdentifiers(policy({ managed: ['Name'] }), observed(found), false))).toEqual([
      arn('Address'),
      arn('Name'),
    ]);
  });

  test('a custom identifier that is declared with another regex is kept under a name of its own', () => {
    const desired = policy({ managed: [], customs: { Badge: 'B[0-9]{6}', Same: 'S+' } });
    const found = policy({ by: 'somebody', managed: [], customs: { Badge: 'b-[0-9]{4}', Same: 'S+' } });
    expect(keepingIdentifiers(desired, observed(found), false)).toEqual(
      policy({
        managed: [],
        customs: { Badge: 'B[0-9]{6}', Same: 'S+', 'Badge-kept': 'b-[0-9]{4}' },
        description: `${description}; keeps what was masked before: Badge-kept, Same`,
      }),
    );
  });

  test('findings go where they are declared to go, else where they went', () => {
    const found = policy({ by: 'somebody', managed: ['Name'], findings: toGroup });
    const silent = keepingIdentifiers(policy({ managed: ['Name'] }), observed(found), false);
    expect(destinationOf(silent.document)).toEqual(toGroup);
    const declared = keepingIdentifiers(policy({ managed: ['Name'], findings: toBucket }), observed(found), false);
    expect(destinationOf(declared.document)).toEqual(toBucket);
  });

  test.each([
    ['absent', undefined],
    ['not a policy at all', observed({ ...policy({ managed: [] }), document: {} })],
  ])('that is %s adds nothing', (_what, found) => {
    const desired = policy({ managed: ['Name'] });
    expect(keepingIdentifiers(desired, found, false)).toEqual(desired);
  });

  test('with more custom identifiers than AWS takes: Stalled, naming those that are kept', () => {
    const customs = (prefix: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_one, index) => [`${prefix}${index}`, `${prefix}[0-9]`]));
    const found = observed(policy({ by: 'somebody', managed: [], customs: customs('Found', 5) }));
    const five = policy({ managed: [], customs: customs('Own', 5) });
    expect(masked(keepingIdentifiers(five, found, false))).toHaveLength(10);
    const six = policy({ managed: [], customs: customs('Own', 6) });
    expect(() => keepingIdentifiers(six, found, false)).toThrow(
      expect.objectContaining({ reason: 'RejectedByAWS', message: expect.stringContaining('Found0, Found1') }),
    );
    expect(() => keepingIdentifiers(six, found, false)).toThrow(Stalled);
  });

  test('longer than AWS takes: Stalled', () => {
    const many = Array.from({ length: 300 }, (_one, index) => `Unlisted${index}`);
    const found = observed(policy({ by: 'somebody', managed: many }));
    expect(() => keepingIdentifiers(policy({ managed: ['Name'] }), found, false)).toThrow(
      expect.objectContaining({ reason: 'RejectedByAWS', message: expect.stringContaining('30720') }),
    );
  });
});

describe('a policy of ours', () => {
  const found = policy({ by: 'somebody', managed: ['EmailAddress'], customs: { Case: 'C-[0-9]+' }, findings: toGroup });
  const adopted = keepingIdentifiers(policy({ managed: ['Name'] }), observed(found), false);

  test('that notes nothing is as declared', () => {
    const desired = policy({ managed: ['Name'] });
    expect(keepingIdentifiers(desired, observed(policy({ managed: ['Name', 'Address'] })), true)).toBe(desired);
  });

  test('keeps what it noted whatever the spec says then', () => {
    const edited = keepingIdentifiers(policy({ managed: ['Address'] }), observed(adopted), true);
    expect(masked(edited)).toEqual(['Case', arn('Address'), arn('EmailAddress')].sort());
    expect(destinationOf(edited.document)).toEqual(toGroup);
    expect(edited.document['Configuration']).toEqual({ CustomDataIdentifier: [{ Name: 'Case', Regex: 'C-[0-9]+' }] });
  });

  test('that the spec comes to name stays kept when the spec drops it again', () => {
    const named = keepingIdentifiers(policy({ managed: ['EmailAddress'] }), observed(adopted), true);
    const dropped = keepingIdentifiers(policy({ managed: ['Address'] }), observed(named), true);
    expect(masked(dropped)).toContain(arn('EmailAddress'));
  });

  test('a managed identifier that somebody took out of it is put back', () => {
    const weakened = policy({ managed: ['Name'], description: textOf(adopted.document['Description']) ?? '' });
    const again = keepingIdentifiers(policy({ managed: ['Name'] }), observed(weakened), true);
    expect(masked(again)).toEqual([arn('EmailAddress'), arn('Name')]);
    expect(masksAtLeast(again, { ...weakened, status: 'ACTIVATED' })).toBe(false);
  });

  test('findings that the spec sends elsewhere are not kept any more', () => {
    const declared = keepingIdentifiers(policy({ managed: ['Name'], findings: toBucket }), observed(adopted), true);
    expect(destinationOf(declared.document)).toEqual(toBucket);
    const removed = keepingIdentifiers(policy({ managed: ['Name'] }), observed(declared), true);
    expect(destinationOf(removed.document)).toEqual({});
    expect(masked(removed)).toEqual(masked(adopted));
  });
});

describe('whatever is declared and found', () => {
  const parts = fc.record({
    managed: fc.uniqueArray(fc.constantFrom('Address', 'EmailAddress', 'Name', 'Ssn-US', 'NewerThanUs'), {
      maxLength: 4,
    }),
    customs: fc.dictionary(fc.constantFrom('A', 'B', 'A-kept', 'x'.repeat(128)), fc.constantFrom('1+', '2+', '3+'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    findings: fc.constantFrom<JsonObject>({}, toGroup, toBucket),
  });
  const both = fc.record({ declared: parts, edited: parts, found: parts }).map(({ declared, edited, found }) => ({
    desired: policy(declared),
    edited: policy(edited),
    found: policy({ ...found, by: 'somebody', description: 'theirs' }),
  }));

  test('both are masked', () => {
    fc.assert(
      fc.property(both, ({ desired, found }) => {
        const result = keepingIdentifiers(desired, observed(found), false);
        const inForce: DataProtectionPolicy = { ...result, status: 'ACTIVATED' };
        expect(masksAtLeast(desired, inForce)).toBe(true);
        for (const one of [desired, found]) for (const what of effect(one)) expect(effect(result)).toContain(what);
      }),
    );
  });

  test('keeping again, before and after the write, changes nothing', () => {
    fc.assert(
      fc.property(both, ({ desired, found }) => {
        const once = keepingIdentifiers(desired, observed(found), false);
        expect(keepingIdentifiers(once, observed(found), false)).toEqual(once);
        expect(keepingIdentifiers(desired, observed(once), true)).toEqual(once);
        expect(keepingIdentifiers(once, observed(once), true)).toEqual(once);
      }),
    );
  });

  test('an edit of the spec drops nothing that was found, and is stable, too', () => {
    fc.assert(
      fc.property(both, ({ desired, edited, found }) => {
        const once = keepingIdentifiers(desired, observed(found), false);
        const then = keepingIdentifiers(edited, observed(once), true);
        for (const one of [edited, found]) for (const what of effect(one)) expect(effect(then)).toContain(what);
        expect(keepingIdentifiers(edited, observed(then), true)).toEqual(then);
      }),
    );
  });

  test('the order in which they come does not count', () => {
    fc.assert(
      fc.property(both, ({ desired, found }) => {
        const turned = { ...found, document: reversed(found.document) };
        expect(keepingIdentifiers(desired, observed(turned), false)).toEqual(
          keepingIdentifiers(desired, observed(found), false),
        );
      }),
    );
  });
});

interface Parts {
  readonly managed: readonly string[];
  readonly customs?: Readonly<Record<string, string>>;
  readonly findings?: JsonObject;
  readonly by?: string;
  readonly description?: string;
}

function policy(parts: Parts): DataProtectionPolicy {
  const { managed, customs = {}, findings = {}, by = 'bedrockmonitor_prod_genai_production' } = parts;
  const entries = Object.entries(customs).map(([Name, Regex]) => ({ Name, Regex }));
  const DataIdentifier = [...managed.map(arn), ...Object.keys(customs)].sort();
  const document = {
    Name: by,
    Description: parts.description ?? description,
    Version: '2021-06-01',
    ...(entries.length > 0 && { Configuration: { CustomDataIdentifier: entries } }),
    Statement: [
      { Sid: 'audit', DataIdentifier, Operation: { Audit: { FindingsDestination: findings } } },
      { Sid: 'mask', DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } },
    ],
  };
  return { kind: 'DataProtectionPolicy', name, document };
}

function observed(resource: DataProtectionPolicy): Observed<'DataProtectionPolicy'> {
  return { resource: { ...resource, status: 'ACTIVATED' }, mark: { state: 'None' } };
}

function arn(identifier: string): string {
  return `arn:aws:dataprotection::aws:data-identifier/${identifier}`;
}

function masked({ document }: DataProtectionPolicy): readonly string[] {
  return [...deidentified(document)].sort();
}

/** What is masked in effect: a custom identifier is its regex, whatever its name. */
function effect(of: DataProtectionPolicy): readonly unknown[] {
  const customs = listOf(objectOf(of.document['Configuration'])['CustomDataIdentifier']).map(objectOf);
  return masked(of).map((one) => customs.find((entry) => entry['Name'] === one)?.['Regex'] ?? one);
}

function reversed(document: JsonObject): JsonObject {
  const customs = listOf(objectOf(document['Configuration'])['CustomDataIdentifier']);
  return {
    ...document,
    ...(customs.length > 0 && { Configuration: { CustomDataIdentifier: customs.toReversed() } }),
    Statement: listOf(document['Statement'])
      .map(objectOf)
      .map((one) => ({ ...one, DataIdentifier: listOf(one['DataIdentifier']).toReversed() })),
  };
}
