import { beforeEach, describe, expect, test } from 'vitest';
import { createClaims } from '#src/operator/claims.ts';
import { finalizer, monitors } from '#src/operator/monitors.ts';
import { tapClient } from '#test/support/tapped-client.ts';
import { ACCOUNT, OPERATOR, orphanStage, productionStatus } from './orphan-stage.ts';

const { signal } = new AbortController();
const stage = orphanStage();

describe('orphan --all', () => {
  const claims = () => createClaims(stage().leases());
  beforeEach(async () => {
    await stage().leave('genai/production', { status: productionStatus, deleted: true });
    await stage().leave('genai/held', {
      deleted: true,
      finalizers: ['example.com/other', finalizer],
      status: { inventory: [] },
    });
    await stage().leave('research/sandbox', {
      status: { accountID: ACCOUNT, inventory: [{ kind: 'MetricAlarm', name: 'alarm' }] },
    });
    await stage().leave('research/planned', { finalizers: [] });
    await claims().write(
      { of: 'invocation-logging', accountID: ACCOUNT, region: 'us-east-1' },
      { holder: 'genai/production', previous: 'none' },
      undefined,
      signal,
    );
    await claims().write(
      { of: 'sink', accountID: ACCOUNT, region: 'us-east-1' },
      { holder: 'genai/production', written: 'arn' },
      undefined,
      signal,
    );
    const previous = `{"s3Config":{"bucketName":"finance","keyPrefix":"o'neil"}}`;
    await claims().write(
      { of: 'invocation-logging', accountID: ACCOUNT, region: 'eu-west-1' },
      { previous },
      undefined,
      signal,
    );
    await stage()
      .leases()
      .create({ metadata: { name: 'somebody-else' }, spec: {} });
  });

  const left = `What stays in AWS:

MONITOR            ACCOUNT        REGION      KIND                NAME                                                      ID
genai/production   111122223333   us-east-1   LogGroup            /aws/bedrock/production
genai/production   111122223333   us-east-1   MetricAlarm         bedrockmonitor/test/genai/production/throttling
genai/production   111122223333   all         Dashboard           bedrockmonitor_test_genai_production_overview_us-east-1
genai/production   111122223333   all         LoggingRole         bedrockmonitor_genai_production_0a1b2c3d
genai/production   111122223333   us-east-1   QueryDefinition     bedrockmonitor/test/genai/production/latest               f0e1
genai/production   111122223333   us-east-1   FromANewerRelease   kept
genai/production   111122223333   us-east-1   InvocationLogging   invocation-logging
research/sandbox   111122223333   us-east-1   MetricAlarm         alarm

The status of genai/held lists nothing. If it ever worked, look in us-east-1 for names that begin with
bedrockmonitor/CLUSTER/genai/held/

`;
  const undoing = `To put back what AWS held before, where nobody has changed the configuration since:

  # account 111122223333
  aws bedrock delete-model-invocation-logging-configuration --region us-east-1
  # account 111122223333
  aws bedrock put-model-invocation-logging-configuration --logging-config '{"s3Config":{"bucketName":"finance","keyPrefix":"o'\\''neil"}}' --region eu-west-1

`;
  const claimsHeld = (note: string) => {
    const row = (lease: string, holder: string, before: string) =>
      `${`${lease.padEnd(73)}${holder.padEnd(19 + note.length)}${before}`.trimEnd()}\n`;
    return `Claims on logging configurations and sinks. These Leases stay, because they remember what AWS held before:

${row('LEASE', 'HOLDER', 'BEFORE')}${[
  row(`${OPERATOR}/claim-111122223333-eu-west-1-invocation-logging`, 'nobody', 'saved in the Lease'),
  row(`${OPERATOR}/claim-111122223333-us-east-1-invocation-logging`, `genai/production${note}`, 'none'),
  row(`${OPERATOR}/claim-111122223333-us-east-1-sink`, `genai/production${note}`, ''),
].join('')}
`;
  };

  test('without --yes it changes nothing, and says what it would do and how to confirm', async () => {
    const before = await stage().client.list(monitors);
    const answer = await stage().run('--all');
    expect(answer).toEqual({
      code: 0,
      err: '',
      out: `${left}MONITOR            RESULT
genai/held         would lose its finalizer, and be held by example.com/other
genai/production   would lose its finalizer and be gone
research/planned   has no finalizer of ours: nothing to do
research/sandbox   would lose its finalizer and stay: it is not being deleted

${claimsHeld(' (being deleted)')}${undoing}Nothing was changed. To do it:

  bedrock-monitor orphan --all --yes

`,
    });
    expect((await stage().client.list(monitors)).items).toEqual(before.items);
  });

  test('with --yes our finalizer goes, and nothing else: not those of others, not the monitors that live, no Lease', async () => {
    const leases = await stage().leases().get('claim-111122223333-us-east-1-invocation-logging');
    const answer = await stage().run('--all --yes');
    expect(answer).toEqual({
      code: 0,
      err: '',
      out: `${left}MONITOR            RESULT
genai/held         lost its finalizer, and is held by example.com/other
genai/production   gone
research/planned   has no finalizer of ours: nothing to do
research/sandbox   lost its finalizer and stays: it is not being deleted

${claimsHeld(' (gone)')}${undoing}`,
    });
    expect(await stage().holders()).toEqual(['held: example.com/other', 'planned: none', 'sandbox: none']);
    expect(await stage().leases().get('claim-111122223333-us-east-1-invocation-logging')).toEqual(leases);
    const again = await stage().run('--all --yes');
    expect(again.code).toBe(0);
    expect(again.out).toContain('research/sandbox   has no finalizer of ours: nothing to do');
  });

  test('--namespace and names narrow it', async () => {
    const narrow = await stage().run('--all --namespace=research --yes');
    expect(narrow.out).toBe(`What stays in AWS:

MONITOR            ACCOUNT        REGION      KIND          NAME    ID
research/sandbox   111122223333   us-east-1   MetricAlarm   alarm

MONITOR            RESULT
research/planned   has no finalizer of ours: nothing to do
research/sandbox   lost its finalizer and stays: it is not being deleted

`);
    expect((await stage().run('genai/production --yes')).out).toContain('genai/production   gone\n');
    expect(await stage().holders()).toEqual([
      `held: example.com/other, ${finalizer}`,
      'planned: none',
      'sandbox: none',
    ]);
  });

  test('a name that is not there is said, the others are done, and the exit code is 1', async () => {
    const answer = await stage().run('genai/absent genai/production --yes');
    expect(answer).toMatchObject({ code: 1, err: 'bedrock-monitor orphan: there is no monitor genai/absent\n' });
    expect(answer.out).toContain('genai/production   gone\n');
  });

  test('what stays in AWS is printed before the first monitor is changed', async () => {
    let printed = '';
    const seen: string[] = [];
    const tapped = tapClient(stage().client, () => ({
      observe: ({ verb }, when) => void (verb === 'patch' && when === 'before' && seen.push(printed)),
    }));
    await stage().run('--all --yes', { client: tapped.client, heard: (text) => void (printed += text) });
    expect(seen).toHaveLength(3);
    expect(seen).toEqual([left, left, left]);
  });

  test('one that cannot be changed is told with the reason, does not stop the others, and makes the exit code 1', async () => {
    stage().api.failNext(1, 403, (method, url) => method === 'PATCH' && url.includes('/production'));
    const answer = await stage().run('--all --yes');
    expect(answer.code).toBe(1);
    expect(answer.out).toContain('genai/production   NOT CHANGED\n');
    expect(answer.err).toMatch(/^bedrock-monitor orphan: genai\/production was not changed: PATCH .* 403 /);
    expect(await stage().holders()).toEqual([
      'held: example.com/other',
      `production: ${finalizer}`,
      'planned: none',
      'sandbox: none',
    ]);
  });
});

describe('what is left of an installation', () => {
  test('with the claims gone, the status still knows the logging configuration and what was there before', async () => {
    const saved = '{"textDataDeliveryEnabled":true}';
    await stage().leave('genai/production', {
      deleted: true,
      status: {
        ...productionStatus,
        inventory: [],
        invocationLogging: { ...productionStatus.invocationLogging, saved },
      },
    });
    const { out } = await stage().run('--all --claim-namespace=long-gone');
    expect(out).toContain('us-east-1   InvocationLogging   invocation-logging\n');
    expect(out).toContain(`put-model-invocation-logging-configuration --logging-config '${saved}' --region us-east-1`);
    expect(out).not.toContain('Claims');
  });

  test.each(['Foreign', 'Disabled'] as const)(
    'a configuration that is %s is not the monitor’s to list',
    async (state) => {
      await stage().leave('genai/production', {
        deleted: true,
        status: { ...productionStatus, invocationLogging: { ...productionStatus.invocationLogging, state } },
      });
      const { out } = await stage().run('--all');
      expect(out).not.toContain('InvocationLogging');
      expect(out).not.toContain('aws bedrock');
    },
  );

  test('a cluster without monitors, or without their definition, has nothing to do', async () => {
    const nothing = { code: 0, out: 'There are no such monitors.\n\n', err: '' };
    expect(await stage().run('--all --yes')).toEqual(nothing);
    await stage().client.delete(
      { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions', namespaced: false },
      { name: 'bedrockmonitors.bedrockmonitor.io' },
    );
    expect(await stage().run('--all --yes')).toEqual(nothing);
  });

  test('claims that may not be read are left out, and that is said', async () => {
    await stage().leave('genai/production', { status: productionStatus, deleted: true });
    stage().api.failNext(1, 403, (_, url) => url.includes('/leases?'));
    const answer = await stage().run('--all --yes');
    expect(answer).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^bedrock-monitor orphan: the claims are not shown: /),
    });
    expect(await stage().holders()).toEqual([]);
  });
});
