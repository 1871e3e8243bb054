import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import type { ExitCode } from '#src/cli/command.ts';
import { orphanMonitors } from '#src/cli/orphan.ts';
import { parseOrphan } from '#src/cli/orphan-options.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import type { Clock } from '#src/kubernetes/clock.ts';
import { systemClock } from '#src/kubernetes/clock.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { createLeases } from '#src/kubernetes/lease.ts';
import { createClaims } from '#src/operator/claims.ts';
import { finalizer, monitors } from '#src/operator/monitors.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { installBasics } from '#test/support/basics.ts';
import { tapClient } from '#test/support/tapped-client.ts';

const OPERATOR = 'bedrock-monitor-system';
const NOW = Date.parse('2026-05-01T12:00:00Z');
const ACCOUNT = '111122223333';
const { signal } = new AbortController();

let api: KubernetesApi;
let client: Client;
beforeEach(async () => {
  api = await startKubernetesApi();
  client = connect({ kubeConfig: loadKubeConfig({ text: api.kubeconfig() }) });
  await installBasics(client, [OPERATOR, 'genai', 'research']);
});
afterEach(async () => {
  await client.close();
  await api.close();
});

interface Answer {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** `waited`: what happens while the command waits. */
async function run(line: string, use: Client = client, waited = async () => {}): Promise<Answer> {
  const options = parseOrphan(line.split(' '));
  if (options === undefined) throw new Error('help was asked for');
  const clock: Clock = {
    ...systemClock,
    now: () => NOW,
    setTimeout(fn) {
      void waited().then(fn);
      return () => undefined;
    },
  };
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await orphanMonitors(use, options, terminal, clock);
  return { code, out, err };
}

const status: BedrockMonitorStatus = {
  accountID: ACCOUNT,
  invocationLogging: { state: 'Enabled', claimedBy: 'genai/production', saved: 'none' },
  inventory: [
    { kind: 'LogGroup', name: '/aws/bedrock/production' },
    { kind: 'MetricAlarm', name: 'bedrockmonitor/test/genai/production/throttling' },
    { kind: 'Dashboard', name: 'bedrockmonitor_test_genai_production_overview_us-east-1' },
    { kind: 'QueryDefinition', name: 'bedrockmonitor/test/genai/production/latest', id: 'f0e1' },
    { kind: 'FromANewerRelease', name: 'kept' },
  ],
};

/** A monitor as an operator left it. */
async function leave(
  key: string,
  given: { finalizers?: readonly string[]; status?: BedrockMonitorStatus; deleted?: boolean } = {},
): Promise<BedrockMonitor> {
  const [namespace = '', name = ''] = key.split('/');
  const { finalizers = [finalizer] } = given;
  // The server makes the rest.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const metadata = { namespace, name, finalizers } as BedrockMonitor['metadata'];
  let monitor = await client.create(monitors, { apiVersion, kind, metadata, spec: { region: 'us-east-1' } });
  if (given.status) monitor = await client.replaceStatus(monitors, { ...monitor, status: given.status });
  if (given.deleted) await client.delete(monitors, { namespace, name });
  return client.get(monitors, { namespace, name });
}

const claims = () => createClaims(createLeases(client, OPERATOR));
const holders = async (): Promise<readonly string[]> =>
  (await client.list(monitors)).items.map(
    ({ metadata }) => `${metadata.name}: ${metadata.finalizers?.join(', ') ?? 'none'}`,
  );

describe('orphan --all', () => {
  beforeEach(async () => {
    await leave('genai/production', { status, deleted: true });
    await leave('genai/held', {
      deleted: true,
      finalizers: ['example.com/other', finalizer],
      status: { inventory: [] },
    });
    await leave('research/sandbox', {
      status: { accountID: ACCOUNT, inventory: [{ kind: 'MetricAlarm', name: 'alarm' }] },
    });
    await leave('research/planned', { finalizers: [] });
    await claims().write(
      { accountID: ACCOUNT, region: 'us-east-1' },
      { holder: 'genai/production', previous: 'none' },
      undefined,
      signal,
    );
    const previous = `{"s3Config":{"bucketName":"finance","keyPrefix":"o'neil"}}`;
    await claims().write({ accountID: ACCOUNT, region: 'eu-west-1' }, { previous }, undefined, signal);
    await createLeases(client, OPERATOR).create({ metadata: { name: 'somebody-else' }, spec: {} });
  });

  const left = `What stays in AWS:

MONITOR            ACCOUNT        REGION      KIND                NAME                                                      ID
genai/production   111122223333   us-east-1   LogGroup            /aws/bedrock/production
genai/production   111122223333   us-east-1   MetricAlarm         bedrockmonitor/test/genai/production/throttling
genai/production   111122223333   all         Dashboard           bedrockmonitor_test_genai_production_overview_us-east-1
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
      `${lease.padEnd(73)}${holder.padEnd(19 + note.length)}${before}\n`;
    return `Claims on logging configurations. These Leases stay, because they remember what AWS held before:

${row('LEASE', 'HOLDER', 'BEFORE')}${[
  row(`${OPERATOR}/claim-111122223333-eu-west-1-invocation-logging`, 'nobody', 'saved in the Lease'),
  row(`${OPERATOR}/claim-111122223333-us-east-1-invocation-logging`, `genai/production${note}`, 'none'),
].join('')}
`;
  };

  test('without --yes it changes nothing, and says what it would do and how to confirm', async () => {
    const before = await client.list(monitors);
    const answer = await run('--all');
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
    expect((await client.list(monitors)).items).toEqual(before.items);
  });

  test('with --yes our finalizer goes, and nothing else: not those of others, not the monitors that live, no Lease', async () => {
    const leases = await createLeases(client, OPERATOR).get('claim-111122223333-us-east-1-invocation-logging');
    const answer = await run('--all --yes');
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
    expect(await holders()).toEqual(['held: example.com/other', 'planned: none', 'sandbox: none']);
    expect(await createLeases(client, OPERATOR).get('claim-111122223333-us-east-1-invocation-logging')).toEqual(leases);
    const again = await run('--all --yes');
    expect(again.code).toBe(0);
    expect(again.out).toContain('research/sandbox   has no finalizer of ours: nothing to do');
  });

  test('--namespace and names narrow it', async () => {
    const narrow = await run('--all --namespace=research --yes');
    expect(narrow.out).toBe(`What stays in AWS:

MONITOR            ACCOUNT        REGION      KIND          NAME    ID
research/sandbox   111122223333   us-east-1   MetricAlarm   alarm

MONITOR            RESULT
research/planned   has no finalizer of ours: nothing to do
research/sandbox   lost its finalizer and stays: it is not being deleted

`);
    expect((await run('genai/production --yes')).out).toContain('genai/production   gone\n');
    expect(await holders()).toEqual([`held: example.com/other, ${finalizer}`, 'planned: none', 'sandbox: none']);
  });

  test('a name that is not there is said, the others are done, and the exit code is 1', async () => {
    const answer = await run('genai/absent genai/production --yes');
    expect(answer).toMatchObject({ code: 1, err: 'bedrock-monitor orphan: there is no monitor genai/absent\n' });
    expect(answer.out).toContain('genai/production   gone\n');
  });

  test('what stays in AWS is printed before the first monitor is changed', async () => {
    let printed = '';
    const seen: string[] = [];
    const tapped = tapClient(client, () => ({
      observe: ({ verb }, when) => void (verb === 'patch' && when === 'before' && seen.push(printed)),
    }));
    const options = parseOrphan(['--all', '--yes']);
    if (options === undefined) throw new Error('options');
    const terminal = { out: (text: string) => void (printed += text), err: () => undefined };
    await orphanMonitors(tapped.client, options, terminal, systemClock);
    expect(seen).toHaveLength(3);
    expect(seen).toEqual([left, left, left]);
  });

  test('one that cannot be changed is told with the reason, does not stop the others, and makes the exit code 1', async () => {
    api.failNext(1, 403, (method, url) => method === 'PATCH' && url.includes('/production'));
    const answer = await run('--all --yes');
    expect(answer.code).toBe(1);
    expect(answer.out).toContain('genai/production   NOT CHANGED\n');
    expect(answer.err).toMatch(/^bedrock-monitor orphan: genai\/production was not changed: PATCH .* 403 /);
    expect(await holders()).toEqual([
      'held: example.com/other',
      `production: ${finalizer}`,
      'planned: none',
      'sandbox: none',
    ]);
  });
});

describe('what others do at the same time', () => {
  /** A client during whose first patch somebody else is faster. */
  const raced = (meddle: () => Promise<unknown>): Client => {
    let first = true;
    return {
      ...client,
      patch: async (...args: Parameters<Client['patch']>) => {
        if (first) {
          first = false;
          await meddle();
        }
        return client.patch(...args) as never;
      },
    };
  };
  const at = { namespace: 'genai', name: 'production' };

  test('an edit in between: read again and done', async () => {
    await leave('genai/production', { status, deleted: true });
    const touch = () => client.patch(monitors, at, { type: 'merge', body: { metadata: { labels: { a: 'b' } } } });
    expect(await run('--all --yes', raced(touch))).toMatchObject({ code: 0, err: '' });
    expect(await holders()).toEqual([]);
  });

  test('an inventory that moves is an operator at work: left alone', async () => {
    await leave('genai/production', { status });
    const write = () =>
      client.patch(monitors, at, { type: 'merge', subresource: 'status', body: { status: { inventory: [] } } });
    const answer = await run('--all --yes', raced(write));
    expect(answer).toMatchObject({
      code: 1,
      err: 'bedrock-monitor orphan: genai/production was not changed: its inventory changed meanwhile, so an operator works on it: stop that first, then run this again\n',
    });
    expect(await holders()).toEqual([`production: ${finalizer}`]);
  });

  test('another monitor of the same name is not the one that was shown', async () => {
    await leave('genai/production', { status });
    const recreate = async () => {
      await client.patch(monitors, at, { type: 'merge', body: { metadata: { finalizers: [] } } });
      await client.delete(monitors, at);
      await leave('genai/production', { status });
    };
    const answer = await run('--all --yes', raced(recreate));
    expect(answer).toMatchObject({ code: 1, err: expect.stringContaining('was deleted and created again meanwhile') });
    expect(await holders()).toEqual([`production: ${finalizer}`]);
  });

  test('gone meanwhile is success', async () => {
    await leave('genai/production', { status, deleted: true });
    const finish = () => client.patch(monitors, at, { type: 'merge', body: { metadata: { finalizers: [] } } });
    const answer = await run('--all --yes', raced(finish));
    expect(answer).toMatchObject({ code: 0, err: '' });
    expect(answer.out).toContain('genai/production   gone\n');
  });

  test('somebody who always writes first is not fought for ever', async () => {
    await leave('genai/production', { status });
    api.failNext(100, 409, (method) => method === 'PATCH');
    expect(await run('--all --yes')).toMatchObject({ code: 1, err: expect.stringContaining('409') });
    expect(api.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(5);
  });
});

describe('while an operator is running', () => {
  const lead = (renewTime: string, holderIdentity = 'pod-a_1') =>
    createLeases(client, OPERATOR).create({
      metadata: { name: 'bedrock-monitor' },
      spec: { holderIdentity, leaseDurationSeconds: 15, renewTime },
    });
  const renew = async () => {
    const leases = createLeases(client, OPERATOR);
    const lease = await leases.get('bedrock-monitor');
    if (lease?.spec) await leases.replace({ ...lease, spec: { ...lease.spec, leaseTransitions: 1 } });
  };
  const refusal =
    'an operator is running: pod-a_1 holds the Lease bedrock-monitor-system/bedrock-monitor. It cleans up in AWS what orphaned monitors leave there: delete monitors while it runs, or stop it first. --force goes ahead all the same';

  beforeEach(() => leave('genai/production', { status, deleted: true }));

  test.each(['--all --yes', '--all', 'genai/production --yes'])('it refuses: %s', async (line) => {
    await lead('2026-05-01T11:59:46.000000Z');
    await expect(run(line)).rejects.toThrow(refusal);
    expect(await holders()).toEqual([`production: ${finalizer}`]);
  });

  test('--force goes ahead', async () => {
    await lead('2026-05-01T11:59:59.000000Z');
    expect(await run('--all --yes --force')).toMatchObject({ code: 0 });
    expect(await holders()).toEqual([]);
  });

  test('a leader whose clock is far behind ours is seen to renew', async () => {
    await lead('2026-05-01T11:00:00.000000Z');
    await expect(run('--all --yes', client, renew)).rejects.toThrow(refusal);
  });

  test.each([
    ['a crashed leader does not hold it up', '2026-05-01T11:59:45.000000Z', 'pod-a_1'],
    ['nor does one that let go', '2026-05-01T11:59:59.000000Z', ''],
  ])('%s', async (_, renewTime, holder) => {
    await lead(renewTime, holder);
    expect(await run('--all --yes')).toMatchObject({ code: 0 });
    expect(await holders()).toEqual([]);
  });

  test('the Lease may have another name and place', async () => {
    await createLeases(client, 'research').create({
      metadata: { name: 'monitors' },
      spec: { holderIdentity: 'pod-b', leaseDurationSeconds: 15, renewTime: '2026-05-01T12:00:00.000000Z' },
    });
    await expect(run('--all --operator-namespace=research --leader-election-id=monitors')).rejects.toThrow(
      'pod-b holds the Lease research/monitors',
    );
  });

  test('a Lease that may not be read counts as a running operator', async () => {
    api.failNext(1, 403, (_, url) => url.includes('/leases/'));
    await expect(run('--all --yes')).rejects.toThrow(/^whether an operator is running cannot be told: .* 403 /);
    expect(await holders()).toEqual([`production: ${finalizer}`]);
  });
});

describe('what is left of an installation', () => {
  test('with the claims gone, the status still knows the logging configuration and what was there before', async () => {
    const saved = '{"textDataDeliveryEnabled":true}';
    await leave('genai/production', {
      deleted: true,
      status: { ...status, inventory: [], invocationLogging: { ...status.invocationLogging, saved } },
    });
    const { out } = await run('--all --claim-namespace=long-gone');
    expect(out).toContain('us-east-1   InvocationLogging   invocation-logging\n');
    expect(out).toContain(`put-model-invocation-logging-configuration --logging-config '${saved}' --region us-east-1`);
    expect(out).not.toContain('Claims');
  });

  test.each(['Foreign', 'Disabled'] as const)(
    'a configuration that is %s is not the monitor’s to list',
    async (state) => {
      await leave('genai/production', {
        deleted: true,
        status: { ...status, invocationLogging: { ...status.invocationLogging, state } },
      });
      const { out } = await run('--all');
      expect(out).not.toContain('InvocationLogging');
      expect(out).not.toContain('aws bedrock');
    },
  );

  test('a cluster without monitors, or without their definition, has nothing to do', async () => {
    const nothing = { code: 0, out: 'There are no such monitors.\n\n', err: '' };
    expect(await run('--all --yes')).toEqual(nothing);
    await client.delete(
      { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions', namespaced: false },
      { name: 'bedrockmonitors.bedrockmonitor.io' },
    );
    expect(await run('--all --yes')).toEqual(nothing);
  });

  test('claims that may not be read are left out, and that is said', async () => {
    await leave('genai/production', { status, deleted: true });
    api.failNext(1, 403, (_, url) => url.includes('/leases?'));
    const answer = await run('--all --yes');
    expect(answer).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^bedrock-monitor orphan: the claims are not shown: /),
    });
    expect(await holders()).toEqual([]);
  });
});
