import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#src/domain/json.ts';
import { keepingIdentifiers } from '#src/domain/kept-identifiers.ts';
import { deidentified } from '#src/domain/masking.ts';
import { policyName } from '#src/domain/names.ts';
import type { DataProtectionPolicy } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, owner, place, region, signal, stage, tags, written } from './stage.ts';

const name = '/aws/bedrock/invocations';
const findingsGroup = '/aws/bedrock/findings';
const ref = { kind: 'DataProtectionPolicy', name } as const;
const ours = policyName(owner, place);

keepsItsPromises({
  kind: 'DataProtectionPolicy',
  // A group that once had a policy: so AWS has it again once ours is deleted.
  prepare: (on) => void on.account.logGroup(region, { name, dataProtectionStatus: 'DELETED' }),
  desired: () => policy({ identifiers: ['EmailAddress', 'Ssn-US'] }),
  edited: () => policy({ identifiers: ['EmailAddress', 'Name'], custom: [{ Name: 'Badge', Regex: 'B[0-9]{6}' }] }),
  edit: ['audited', 'masked', 'customIdentifiers.Badge'],
  foreign(on) {
    const document = JSON.stringify(documentOf({ identifiers: ['Address'], by: 'somebody' }));
    on.account.logGroup(region, { name, dataProtection: { document, lastUpdatedTime: 0 } });
  },
  // AWS has nothing beside what a document declares; the group that carries it is another kind's.
  undeclared: (on) => () => on.region.logGroups.get(name)?.deletionProtectionEnabled,
  mark: ours,
});

describe('DataProtectionPolicy', () => {
  test('order of identifiers and of members does not count', async () => {
    const on = stage();
    const document = JSON.stringify(documentOf({ identifiers: ['Ssn-US', 'EmailAddress'] }));
    seed(on, document);
    const found = await look(on);
    const { DataProtectionPolicy } = on.handlers();
    const { Statement, ...rest } = documentOf({ identifiers: ['EmailAddress', 'Ssn-US'] });
    expect(DataProtectionPolicy.diff({ ...ref, document: { Statement: Statement ?? null, ...rest } }, found)).toEqual(
      [],
    );
  });

  test('a policy that is not ACTIVATED differs', async () => {
    const on = stage();
    const group = seed(on, JSON.stringify(documentOf({ identifiers: ['EmailAddress'] })));
    group.dataProtectionStatus = 'DISABLED';
    const { DataProtectionPolicy } = on.handlers();
    expect(DataProtectionPolicy.diff(policy({ identifiers: ['EmailAddress'] }), await look(on))).toEqual([
      { path: 'status', from: 'DISABLED', to: 'ACTIVATED' },
    ]);
  });

  test('masking that is weaker shows the identifiers that are missing', async () => {
    const on = stage();
    seed(on, JSON.stringify(documentOf({ identifiers: ['EmailAddress'] })));
    const { DataProtectionPolicy } = on.handlers();
    expect(DataProtectionPolicy.diff(policy({ identifiers: ['EmailAddress', 'Name'] }), await look(on))).toMatchObject([
      { path: 'audited', from: [arn('EmailAddress')], to: [arn('EmailAddress'), arn('Name')] },
      { path: 'masked' },
    ]);
  });

  test('apply ends only once the policy reads back ACTIVATED', async () => {
    const on = stage();
    on.account.logGroup(region, { name });
    const started = on.clock.monotonic();
    await on.run(
      on.handlers().DataProtectionPolicy.apply(policy({ identifiers: ['EmailAddress'] }), undefined, signal),
    );
    expect(on.clock.monotonic() - started).toBeGreaterThanOrEqual(1_000);
    expect(await look(on)).toMatchObject({ resource: { status: 'ACTIVATED' } });
  });

  test('a policy that AWS does not show in force is patience', async () => {
    const on = stage({ consistency: { windowMs: 3_600_000 } });
    on.account.logGroup(region, { name });
    const error = await on.failure(
      on.handlers().DataProtectionPolicy.apply(policy({ identifiers: ['EmailAddress'] }), undefined, signal),
    );
    expect(error).toMatchObject({ name: 'Waiting', reason: 'Propagating' });
  });

  test('a failing findings destination does not cost the masking', async () => {
    const on = stage();
    on.account.logGroup(region, { name });
    const desired = policy({
      identifiers: ['EmailAddress'],
      findings: { CloudWatchLogs: { LogGroup: findingsGroup } },
    });
    const error = await on.failure(on.handlers().DataProtectionPolicy.apply(desired, undefined, signal));
    expect(error).toMatchObject({
      name: 'Stalled',
      reason: 'FindingsDestinationNotUsable',
      message: expect.stringContaining(findingsGroup),
    });
    expect(await look(on)).toMatchObject({ resource: { status: 'ACTIVATED' }, mark: { by: ours } });
  });

  test('while the destination fails, later passes try it and rewrite nothing', async () => {
    const on = stage();
    on.account.logGroup(region, { name });
    const desired = policy({
      identifiers: ['EmailAddress'],
      findings: { CloudWatchLogs: { LogGroup: findingsGroup } },
    });
    await on.failure(on.handlers().DataProtectionPolicy.apply(desired, undefined, signal));
    const found = await look(on);
    on.aws.forgetCalls();
    await on.failure(on.handlers().DataProtectionPolicy.apply(desired, found, signal));
    expect(on.aws.writes()).toMatchObject([{ operation: 'PutDataProtectionPolicy', outcome: { kind: 'Refused' } }]);
    on.account.logGroup(region, { name: findingsGroup });
    await on.run(on.handlers().DataProtectionPolicy.apply(desired, found, signal));
    expect(on.handlers().DataProtectionPolicy.diff(desired, await look(on))).toEqual([]);
  });

  test('without permission to deliver findings the group is masked all the same', async () => {
    const on = stage();
    for (const one of [name, findingsGroup]) on.account.logGroup(region, { name: one });
    on.aws.deny(accountID, 'logs:CreateLogDelivery');
    const desired = policy({
      identifiers: ['EmailAddress'],
      findings: { CloudWatchLogs: { LogGroup: findingsGroup } },
    });
    const error = await on.failure(on.handlers().DataProtectionPolicy.apply(desired, undefined, signal));
    expect(error).toMatchObject({ name: 'Stalled', reason: 'FindingsDestinationNotUsable' });
    expect(await look(on)).toMatchObject({ resource: { status: 'ACTIVATED' } });
  });

  test('an adopted policy masks what it masked before, is at rest then, and stays so through an edit', async () => {
    const on = stage();
    const custom = [{ Name: 'Case', Regex: 'C-[0-9]+' }];
    seed(on, JSON.stringify(documentOf({ identifiers: ['Ssn-US', 'EmailAddress'], custom, by: 'somebody' })));
    const { DataProtectionPolicy } = on.handlers();
    const found = await look(on);
    const desired = keepingIdentifiers(policy({ identifiers: ['EmailAddress'] }), found, false);
    await on.run(DataProtectionPolicy.apply(desired, found, signal));
    const adopted = await look(on);
    expect(adopted.mark).toEqual({ state: 'Owned', by: ours });
    const again = keepingIdentifiers(policy({ identifiers: ['EmailAddress'] }), adopted, true);
    expect(DataProtectionPolicy.diff(again, adopted)).toEqual([]);
    const edited = keepingIdentifiers(policy({ identifiers: ['Name'] }), adopted, true);
    await on.run(DataProtectionPolicy.apply(edited, adopted, signal));
    expect(deidentified((await look(on)).resource.document)).toEqual(
      new Set(['Case', ...['EmailAddress', 'Name', 'Ssn-US'].map(arn)].sort()),
    );
  });

  test('a note on what is kept that somebody took away shows as a difference', async () => {
    const on = stage();
    const found = { resource: policy({ identifiers: ['Ssn-US'], by: 'somebody' }), mark: { state: 'None' } as const };
    const desired = keepingIdentifiers(policy({ identifiers: ['Ssn-US'] }), found, false);
    seed(on, JSON.stringify(documentOf({ identifiers: ['Ssn-US'] })));
    const changes = on.handlers().DataProtectionPolicy.diff(desired, await look(on));
    expect(changes.map(({ path }) => path)).toEqual(['description']);
  });

  test("a policy that is being adopted is not replaced by one that cuts off somebody's findings", async () => {
    const on = stage();
    const findings = { CloudWatchLogs: { LogGroup: '/somebody/findings' } };
    seed(on, JSON.stringify(documentOf({ identifiers: ['Address'], by: 'somebody', findings })));
    const before = on.aws.snapshot();
    const desired = policy({ identifiers: ['EmailAddress'], findings });
    expect(await on.failure(on.handlers().DataProtectionPolicy.apply(desired, await look(on), signal))).toMatchObject({
      name: 'Stalled',
      reason: 'FindingsDestinationNotUsable',
      message: expect.stringContaining('keeps the masking policy that it has'),
    });
    expect(on.aws.snapshot()).toEqual(before);
  });

  test.each([{ by: 'somebody' }, { by: policyName({ ...owner, name: 'other' }, place) }])(
    'a policy of $by is not deleted',
    async ({ by }) => {
      const on = stage();
      seed(on, JSON.stringify(documentOf({ identifiers: ['Address'], by })));
      const error = await on.failure(on.handlers().DataProtectionPolicy.delete(ref, await look(on), signal));
      expect(error).toMatchObject({ message: expect.stringContaining('does not carry the mark') });
      expect(on.aws.writes()).toEqual([]);
    },
  );

  test('a policy whose log group is gone, or which AWS does not find, is deleted', async () => {
    const on = stage();
    seed(on, JSON.stringify(documentOf({ identifiers: ['Address'] })));
    const found = await look(on);
    on.region.logGroups.delete(name);
    await on.run(on.handlers().DataProtectionPolicy.delete(ref, found, signal));
    on.account.logGroup(region, { name });
    on.aws.fault(
      { operation: 'DeleteDataProtectionPolicy' },
      { kind: 'Error', code: 'ResourceNotFoundException', message: 'The specified resource does not exist.' },
    );
    await on.run(on.handlers().DataProtectionPolicy.delete(ref, found, signal));
    expect(on.aws.writes()).toMatchObject([{ outcome: { kind: 'Refused' } }, { outcome: { kind: 'Refused' } }]);
  });

  test('a policy that AWS shows after its deletion is patience', async () => {
    const on = stage();
    const group = seed(on, JSON.stringify(documentOf({ identifiers: ['Address'] })));
    const found = await look(on);
    const { dataProtection } = group;
    on.aws.onCall(({ operation }, moment) => {
      if (operation === 'DeleteDataProtectionPolicy' && moment === 'After') group.dataProtection = dataProtection;
    });
    expect(await on.failure(on.handlers().DataProtectionPolicy.delete(ref, found, signal))).toMatchObject({
      name: 'Waiting',
      reason: 'Propagating',
    });
  });

  test('an identifier that AWS does not know is named', async () => {
    const on = stage();
    on.account.logGroup(region, { name });
    const desired = policy({ identifiers: ['Shoesize'], findings: { CloudWatchLogs: { LogGroup: findingsGroup } } });
    expect(await on.failure(on.handlers().DataProtectionPolicy.apply(desired, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'UnknownIdentifier',
      message: expect.stringContaining('Shoesize'),
    });
    expect(written(on.aws)).toHaveLength(1);
  });

  test('what AWS refuses without a findings destination is quoted', async () => {
    const on = stage();
    on.account.logGroup(region, { name });
    const desired = policy({ identifiers: ['EmailAddress'], custom: [{ Name: 'Bad', Regex: '(group)' }] });
    expect(await on.failure(on.handlers().DataProtectionPolicy.apply(desired, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'RejectedByAWS',
      message: expect.stringContaining('(group)'),
    });
  });

  test('a log group that is missing has no policy', async () => {
    const on = stage();
    expect(await on.run(on.handlers().DataProtectionPolicy.observe(ref, 'Always', signal))).toBeUndefined();
  });
});

interface Parts {
  readonly identifiers: readonly string[];
  readonly custom?: readonly { readonly Name: string; readonly Regex: string }[];
  readonly findings?: JsonObject;
  readonly by?: string;
}

function policy(parts: Parts): DataProtectionPolicy {
  return { ...ref, document: documentOf(parts) };
}

function documentOf({ identifiers, custom = [], findings = {}, by = ours }: Parts): JsonObject {
  const DataIdentifier = [...identifiers.map(arn), ...custom.map(({ Name }) => Name)];
  return {
    Name: by,
    Description: 'Masks Bedrock invocation records',
    Version: '2021-06-01',
    ...(custom.length > 0 && { Configuration: { CustomDataIdentifier: custom.map((one) => ({ ...one })) } }),
    Statement: [
      { Sid: 'audit', DataIdentifier, Operation: { Audit: { FindingsDestination: findings } } },
      { Sid: 'mask', DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } },
    ],
  };
}

function arn(identifier: string): string {
  return `arn:aws:dataprotection::aws:data-identifier/${identifier}`;
}

function seed(on: Stage, document: string) {
  return on.account.logGroup(region, { name, tags, dataProtection: { document, lastUpdatedTime: 0 } });
}

async function look(on: Stage) {
  await on.settle();
  const found = await on.run(on.handlers().DataProtectionPolicy.observe(ref, 'Always', signal));
  if (found === undefined) throw new Error('absent');
  return found;
}
