import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keyOf } from '#src/kubernetes/api-resource.ts';
import { type Example, readExamples } from '#src/playground/examples.ts';
import { complain, judge } from '#src/playground/progress.ts';
import { accessEntries, ownAccountID } from '#src/playground/seed.ts';
import { deniedOn } from '#test/e2e/support/denied.ts';
import type { AwsConsole } from './support/aws-reader.ts';
import { goes, holdsWhatIsDeclared, makes, stays } from './support/examples-in-aws.ts';
import { heldBy } from './support/held.ts';
import type { OperatorProcess } from './support/operator-process.ts';
import { type Stage, serviceAccount, startStage } from './support/stage.ts';
import { eventually, failoverMs, leaderOf, passesOf, startReady } from './support/waiting.ts';

const repository = join(import.meta.dirname, '../../..');
const manifests = join(repository, 'manifests');
const username = `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`;
const throttling = 'bedrockmonitor/playground/genai/production/throttling';

/** A resync of 10 s, give or take a tenth; then a pass, which shares the machine with all else that runs here. */
const driftMs = 20_000;

/** Monitors of the examples that have their role made. */
const makingRoles = ['landing-zone/logging', 'walkthrough/walkthrough'];

/** Not a mistake of the operator's own. */
const isApiError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'ApiError';

describe('the operator on a real Kubernetes API, as manifests/ installs it', () => {
  let stage: Stage;
  let examples: readonly Example[];
  let broken = false;
  /** What somebody had switched on by hand before examples/takeover.yaml. */
  let byHand: Awaited<ReturnType<AwsConsole['logging']>>;
  /** What AWS held before anybody declared anything. */
  let held: readonly string[];
  /** When the API server was restarted, until it was ready again. */
  const restart = { from: 0, to: 0 };

  beforeAll(async () => {
    stage = await startStage();
    examples = await readExamples(join(repository, 'examples'));
    byHand = await takenOver().logging();
    held = heldBy(stage.aws.world);
  });
  afterAll(() => stage?.stop());
  // Each step starts where the last one ended.
  beforeEach(({ skip }) => skip(broken, 'an earlier step failed'));
  afterEach(async ({ task }) => {
    if (broken || task.result?.state !== 'fail') return;
    broken = true;
    const words = stage.operators.map(async ({ name, log }) =>
      (await log()).slice(-8).map((line) => `${name}: ${JSON.stringify(line).slice(0, 500)}`),
    );
    console.error((await Promise.all(words)).flat().join('\n'));
  });

  const own = (region: string): AwsConsole => stage.console(ownAccountID, region);

  const takenOver = (): AwsConsole => own('ap-northeast-1');
  const retained = (): AwsConsole => own('eu-north-1');

  const leader = (timeout?: number): Promise<OperatorProcess> => leaderOf(stage, timeout);

  const setThreshold = (threshold: number): Promise<string> => {
    const spec = { alarms: [{ name: 'throttling', preset: 'Throttling', threshold }] };
    const patch = JSON.stringify({ spec });
    return stage.kubectl('patch bedrockmonitor production -n genai --type=merge -p', patch);
  };
  const hasThreshold = (threshold: number, timeout: number): Promise<void> =>
    eventually(
      async () => expect(await own('us-east-1').alarm(throttling)).toMatchObject({ Threshold: threshold }),
      timeout,
    );

  /** What stands against the first lines of the examples. */
  const missed = async (): Promise<readonly string[]> =>
    judge(examples, await stage.monitors())
      .filter(({ reached }) => !reached)
      .map(complain);
  const allAsExpected = async (): Promise<void> => expect(await missed()).toEqual([]);

  test('kubectl apply -k manifests/ is accepted; of two processes one leads and both are ready', async () => {
    await stage.kubectl('apply -k', manifests);
    await stage.kubectl('wait --for=condition=Established crd/bedrockmonitors.bedrockmonitor.io');
    const [a, b] = await Promise.all([startReady(stage, 'operator-a'), startReady(stage, 'operator-b')]);
    const leading = await leader();
    expect([a, b]).toContain(leading);
    expect(await Promise.all([a, b].map((one) => one.probe('/healthz')))).toEqual([200, 200]);
    const lease = `get lease bedrock-monitor -n ${serviceAccount.namespace}`;
    const holder = await stage.kubectl(`${lease} -o jsonpath={.spec.holderIdentity}`);
    expect(holder).not.toBe('');
  });

  test('kubectl apply -f examples/ brings every example to what it expects', async () => {
    await stage.kubectl('apply -f', join(repository, 'examples'));
    // The list as shipped allows no role.
    await stage.kubectl(
      'wait -n health bedrockmonitor/clinical --timeout=60s',
      '--for=jsonpath={.status.conditions[?(@.type=="Ready")].reason}=RoleNotAllowed',
    );
    const entries = [{ namespaces: ['*'], ownAccount: true }, ...accessEntries];
    const patch = JSON.stringify({ data: { 'credentials.yaml': JSON.stringify(entries) } });
    const list = `configmap bedrock-monitor-credentials -n ${serviceAccount.namespace}`;
    await stage.kubectl(`patch ${list} --type=merge -p`, patch);
    for (const { expectations } of examples) {
      for (const [key, { status, reason }] of expectations) {
        const [namespace = '', name = ''] = key.split('/');
        const condition =
          status === 'True'
            ? '--for=condition=Ready'
            : `--for=jsonpath={.status.conditions[?(@.type=="Ready")].reason}=${reason}`;
        await stage.kubectl(`wait -n ${namespace} bedrockmonitor/${name} --timeout=60s`, condition);
      }
    }
    await eventually(async () => expect(await missed()).toEqual([]), 60_000);
  });

  test('kubectl get shows the state in columns', async () => {
    const table = await stage.kubectl('get bedrockmonitors -A');
    const rows = table.split('\n').map((line) => line.split(/\s{2,}/));
    expect(rows[0]).toEqual([
      'NAMESPACE',
      'NAME',
      'READY',
      'REASON',
      'LOGGING',
      'MASKING',
      'ALARMS',
      'FIRING',
      'DRIFT',
      'AGE',
    ]);
    const row = (name: string): readonly string[] | undefined => rows.find((one) => one[1] === name)?.slice(0, -1);
    expect(row('production')).toEqual(['genai', 'production', 'True', 'InSync', 'Enabled', 'Active', '2/2', '0', '0']);
    expect(row('sandbox')).toEqual(['research', 'sandbox', 'False', 'Conflict', '2/2', '0', '0']);
    expect(row('clinical')).toEqual(['health', 'clinical', 'True', 'InSync', 'Enabled', 'LogsOnly', '4/4', '0', '0']);
    expect(row('tokens')).toEqual(['metering', 'tokens', 'True', 'InSync', 'Enabled', '2/2', '0', '0']);
  });

  test('AWS holds what the examples declare', async () => {
    await expect(holdsWhatIsDeclared(stage.console)).resolves.toBeUndefined();
  });

  test('AWS holds something of every kind that the examples declare, and of each just as much', () => {
    const made = heldBy(stage.aws.world).filter((line) => !held.includes(line));
    const byKind = Object.groupBy(made, (line) => line.split(' ')[2] ?? '');
    expect(Object.fromEntries(Object.entries(byKind).map(([kind, lines = []]) => [kind, lines.length]))).toEqual(makes);
    expect(made.filter((line) => line.includes(' eu-west-1 '))).toHaveLength(9 + 22 + 10);
  });

  test('an edited threshold reaches AWS, and Events tell the story', async () => {
    await setThreshold(7);
    await hasThreshold(7, 20_000);
    await stage.kubectl('wait --for=condition=Ready -n genai bedrockmonitor/production --timeout=60s');
    const described = await stage.kubectl('describe bedrockmonitor production -n genai');
    expect(described).toMatch(/^Events:$/m);
    expect(described).toMatch(/Normal\s+InSync\s.*bedrockmonitor\.io\/operator/);
    expect(await stage.events('genai')).toContainEqual(expect.stringMatching(/^InSync: /));
  });

  test('at rest nothing is written, to AWS or to Kubernetes, over two resyncs', async () => {
    const leading = await leader();
    // What was just made is looked at once more before the stillness begins.
    await passesOf(leading, stage, 1);
    const versions = async () =>
      new Map((await stage.monitors()).map((monitor) => [keyOf(monitor), monitor.metadata.resourceVersion]));
    const kubernetesWrites = async () =>
      (await stage.plane.audit()).filter(
        ({ user, verb, objectRef }) =>
          user.username === username &&
          ['create', 'update', 'patch', 'delete'].includes(verb) &&
          !(objectRef?.resource === 'leases' && objectRef.name === 'bedrock-monitor'),
      );
    const before = await versions();
    const writesBefore = (await kubernetesWrites()).length;
    const callsBefore = stage.aws.calls.length;
    await passesOf(leading, stage, 2);
    expect(await versions()).toEqual(before);
    expect((await kubernetesWrites()).slice(writesBefore)).toEqual([]);
    const calls = stage.aws.calls.slice(callsBefore);
    expect(calls.length).toBeGreaterThan(10);
    expect(calls.filter(({ mutates }) => mutates)).toEqual([]);
    // All went well so far, and the logs are as quiet.
    const logs = (await Promise.all(stage.operators.map((one) => one.log()))).flat();
    const loud = logs.filter(({ level }) => level === 'warn' || level === 'error');
    // Bedrock does not see a role at once that was just made.
    const early = ({ operation, monitor = '' }: (typeof loud)[number]): boolean =>
      operation === 'PutModelInvocationLoggingConfiguration' && makingRoles.includes(monitor);
    expect(loud.filter((line) => !early(line))).toEqual([]);
  });

  test('what is changed in AWS is put right within a resync, with an Event that names the field', async () => {
    const alarm = await own('us-east-1').alarm(throttling);
    if (alarm === undefined) throw new Error('the alarm is not there');
    await own('us-east-1').changeThreshold(alarm, 999);
    await own('us-west-2').setRetention('/aws/bedrock', 7);
    const logging = await own('eu-central-1').logging();
    await own('eu-central-1').setLogging({ ...logging, imageDataDeliveryEnabled: true });
    const before = heldBy(stage.aws.world);
    const { regions } = stage.aws.account(ownAccountID).state;
    const { metricFilters } = regions.get('ca-central-1')?.logGroups.get('/aws/bedrock/metering') ?? {};
    expect(metricFilters?.delete('bedrockmonitor/playground/metering/tokens/errors')).toBe(true);
    const { muteRules } = regions.get('eu-central-2') ?? {};
    expect(muteRules?.delete('bedrockmonitor_playground_mute-rules_assistant_migration')).toBe(true);
    const { alarms } = regions.get('eu-south-1') ?? {};
    expect(alarms?.delete('bedrockmonitor/playground/composite/assistant/users-notice')).toBe(true);

    const drift = async (namespace: string): Promise<string> =>
      (await stage.events(namespace)).filter((event) => event.startsWith('DriftCorrected: ')).join('\n');
    await eventually(async () => expect(await drift('genai')).toMatch(/throttling.*threshold.*999.*7/is), driftMs);
    await eventually(
      async () => expect(await drift('walkthrough')).toMatch(/\/aws\/bedrock.*retention.*7.*30/is),
      driftMs,
    );
    await eventually(async () => expect(await drift('platform')).toMatch(/image/i), driftMs);
    await eventually(async () => expect(heldBy(stage.aws.world)).toEqual(before), driftMs);
    await eventually(async () => expect(await drift('metering')).toMatch(/metering\/tokens\/errors/), driftMs);
    await eventually(async () => expect(await drift('mute-rules')).toMatch(/assistant_migration/), driftMs);
    await eventually(async () => expect(await drift('composite')).toMatch(/assistant\/users-notice/), driftMs);
    // AWS's reads lag a little behind.
    await eventually(async () => {
      const AlarmConfigurationUpdatedTimestamp = expect.any(Date);
      expect(await own('us-east-1').alarm(throttling)).toEqual({ ...alarm, AlarmConfigurationUpdatedTimestamp });
      expect(await own('us-west-2').logGroup('/aws/bedrock')).toMatchObject({ retentionInDays: 30 });
      expect(await own('eu-central-1').logging()).toEqual(logging);
    }, 10_000);
    await eventually(allAsExpected, 60_000);
  });

  test('a restart of the API server is survived without a restart of the operator', async () => {
    const leading = await leader();
    const running = stage.operators.map((one) => one.running());
    restart.from = Date.now();
    await stage.plane.restartApiServer();
    restart.to = Date.now();
    await setThreshold(8);
    await hasThreshold(8, 30_000);
    expect(stage.operators.map((one) => one.running())).toEqual(running);
    expect(await leader()).toBe(leading);
  });

  test('a leader that stood still while another took over never calls AWS again', async () => {
    const old = await leader();
    await old.pause();
    const next = await eventually(async () => {
      const others = stage.operators.filter((one) => one !== old && one.running());
      const leads = await Promise.all(others.map((one) => one.leads()));
      expect(leads).toContain(true);
      return others[leads.indexOf(true)];
    }, failoverMs);
    await setThreshold(9);
    await hasThreshold(9, 20_000);
    old.resume();
    await eventually(async () => expect(old.running()).toBe(false), 20_000);
    expect(old.exitCode()).toBe(1);
    // A pass whose last answer was already there may still say that it ended.
    const last = (await old.log()).filter(({ msg }) => msg !== 'pass ended').at(-1);
    expect(last).toMatchObject({ level: 'error', msg: 'leadership lost' });
    expect(await leader()).toBe(next);
  });

  test('an API server that stands still too long costs the leader its place, and the next one carries on', async () => {
    await startReady(stage, 'operator-c');
    const old = await leader();
    await stage.plane.pause('apiServer');
    try {
      await eventually(async () => expect(old.running()).toBe(false), 30_000);
    } finally {
      stage.plane.resume('apiServer');
    }
    expect(old.exitCode()).toBe(1);
    await leader();
    await setThreshold(10);
    await hasThreshold(10, 20_000);
  });

  test('after kill -9 of the leader the standby takes over', async () => {
    const standby = await startReady(stage, 'operator-d');
    const old = await leader();
    await old.stop(0);
    expect(await leader(25_000)).toBe(standby);
    await setThreshold(11);
    await hasThreshold(11, 20_000);
    await stage.kubectl('wait --for=condition=Ready -n genai bedrockmonitor/production --timeout=60s');
    await eventually(allAsExpected, 60_000);
  });

  test('a graceful stop hands over at once', async () => {
    const standby = await startReady(stage, 'operator-e');
    const old = await leader();
    await old.stop(45_000);
    expect(old.exitCode()).toBe(0);
    expect(await leader(10_000)).toBe(standby);
  });

  test('kubectl delete removes what the monitors own and keeps log groups with their masking', async () => {
    // A team that leaves with its namespace, as its file has it; then all others.
    await stage.kubectl('delete --wait=false -f', join(repository, 'examples/metrics-only.yaml'));
    await stage.kubectl('wait --for=delete -n shop bedrockmonitor/assistant --timeout=60s');
    await stage.kubectl('delete bedrockmonitors --all --all-namespaces --timeout=90s');
    expect(await stage.monitors()).toEqual([]);

    const left = heldBy(stage.aws.world);
    expect(left.filter((line) => !held.includes(line))).toEqual(stays);
    expect(held.filter((line) => !left.includes(line))).toEqual(goes);
    // AWS's reads lag a little behind.
    await eventually(async () => expect(await takenOver().logging()).toEqual(byHand), 10_000);
    expect(byHand).toMatchObject({ imageDataDeliveryEnabled: true });
    expect(await retained().logging()).toMatchObject({ cloudWatchConfig: { logGroupName: '/legal/bedrock' } });
    const leases = await stage.kubectl(`get leases -n ${serviceAccount.namespace} -o name`);
    expect(leases.trim()).toBe('lease.coordination.k8s.io/bedrock-monitor');
  });

  test('SIGTERM ends the last process with exit code 0, and the Lease is free', async () => {
    const last = await leader();
    await last.stop(45_000);
    expect(last.exitCode()).toBe(0);
    const lease = await stage.kubectl(`get lease bedrock-monitor -n ${serviceAccount.namespace} -o json`);
    const { spec }: { spec: { holderIdentity?: string } } = JSON.parse(lease);
    expect(spec.holderIdentity || undefined).toBeUndefined();
  });

  test('never did two processes call AWS in one epoch', () => {
    const callers = stage.operatorCalls().map(({ caller }) => caller.split('/').at(-1));
    const epochs = callers.filter((name, index) => name !== callers[index - 1]);
    expect(epochs).toHaveLength(new Set(epochs).size);
    expect(epochs.length).toBe(5);
  });

  test('AWS refused nothing under the shipped policies', () => {
    expect(deniedOn(stage.aws)).toEqual([]);
  });

  test('RBAC refused nothing, and no pass failed but for an API server that was away', async () => {
    // An API server that starts answers before it has read its roles, and then refuses everybody for a moment.
    const restarting = (time: string): boolean => {
      const at = Date.parse(time);
      return restart.from <= at && at <= restart.to;
    };
    const forbidden = (await stage.plane.audit()).filter(
      ({ user, annotations, requestReceivedTimestamp }) =>
        user.username === username &&
        annotations?.['authorization.k8s.io/decision'] === 'forbid' &&
        !restarting(requestReceivedTimestamp),
    );
    expect(forbidden).toEqual([]);
    const logs = (await Promise.all(stage.operators.map((one) => one.log()))).flat();
    const passesFailed = logs.filter(({ msg }) => msg === 'pass failed');
    expect(passesFailed.filter(({ error }) => !isApiError(error))).toEqual([]);
    const errors = logs.filter(({ level, msg }) => level === 'error' && msg !== 'pass failed');
    expect(errors.map(({ msg }) => msg)).toEqual(['leadership lost', 'leadership lost']);
    const denials = logs.filter((line) => /forbidden/i.test(JSON.stringify(line)));
    expect(denials.filter(({ time }) => !restarting(time))).toEqual([]);
  });

  test('kubectl delete -k manifests/ leaves nothing of the installation', async () => {
    // Without a namespace controller the namespace itself stays in Terminating.
    await stage.kubectl('delete --wait=false -k', manifests);
    await stage.kubectl('wait --for=delete crd/bedrockmonitors.bedrockmonitor.io --timeout=60s');
    const kinds = 'deployments,configmaps,serviceaccounts,poddisruptionbudgets,roles,rolebindings';
    const ours = `-n ${serviceAccount.namespace} -l app.kubernetes.io/name=bedrock-monitor`;
    const left = await stage.kubectl(`get ${kinds} ${ours} -o name`);
    expect(left).toBe('');
    const clusterWide = await stage.kubectl('get clusterroles,clusterrolebindings -o name');
    expect(clusterWide).not.toContain('bedrock-monitor');
  });
});
