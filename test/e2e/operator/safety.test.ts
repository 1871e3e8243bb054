import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import { finalizer } from '#src/operator/monitors.ts';
import { ownAccountID } from '#src/playground/seed.ts';
import { said } from '#test/support/said.ts';
import type { AwsConsole } from './support/aws-reader.ts';
import { claimsOn, type Monitors, monitorsIn, soonMs } from './support/monitors.ts';
import { type Stage, serviceAccount, startStage } from './support/stage.ts';
import { eventually, leaderOf, startReady } from './support/waiting.ts';

const repository = join(import.meta.dirname, '../../..');
const manifests = join(repository, 'manifests');
const username = `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`;
/** Of examples/takeover.yaml, and of a monitor that this file plans. */
const [takeover, planning] = ['ap-northeast-1', 'us-east-2'];
const role = `arn:aws:iam::${ownAccountID}:role/bedrockmonitor/BedrockCloudWatchLogs`;
const claimOf = (region: string): string => `claim-${ownAccountID}-${region}-invocation-logging`;
const errorsAlarm = 'bedrockmonitor/playground/payments/chat/errors';
describe('safe with what others own, on a real Kubernetes API with RBAC', () => {
  let stage: Stage;
  let payments: Monitors;
  let broken = false;
  /** What somebody had switched on by hand. */
  let byHand: Awaited<ReturnType<AwsConsole['logging']>>;

  beforeAll(async () => {
    stage = await startStage();
    payments = monitorsIn(stage, 'payments');
    byHand = await own(takeover).logging();
    await stage.kubectl('apply -k', manifests);
    await stage.kubectl('wait --for=condition=Established crd/bedrockmonitors.bedrockmonitor.io');
    await startReady(stage, 'operator');
    await leaderOf(stage);
  });
  afterAll(() => stage?.stop());
  // Each step starts where the last one ended.
  beforeEach(({ skip }) => {
    skip(broken, 'an earlier step failed');
    onTestFailed(() => void (broken = true));
  });

  const own = (region: string): AwsConsole => stage.console(ownAccountID, region);
  const apply: Monitors['apply'] = (name, spec) => payments.apply(name, spec);
  const monitor: Monitors['get'] = (name) => payments.get(name);
  const says: Monitors['says'] = (name, expected, type) => payments.says(name, expected, type);
  const patch: Monitors['patch'] = (name, spec) => payments.patch(name, spec);
  const row: Monitors['row'] = (name, wide) => payments.row(name, wide);
  const claims = () => claimsOn(stage);
  const inSync = { status: 'True', reason: 'InSync' };
  const annotate = (name: string, annotation: string): Promise<string> =>
    stage.kubectl(`annotate --overwrite bedrockmonitor ${name} -n payments`, annotation);
  const writes = (): number => stage.operatorCalls().filter(({ mutates }) => mutates).length;

  test('adoptionPolicy Always takes a foreign configuration over, and keeps it whole', async () => {
    await stage.kubectl('apply -f', join(repository, 'examples/takeover.yaml'));
    const { status } = await says('chat', inSync);
    expect(await own(takeover).logging()).toMatchObject({
      cloudWatchConfig: { logGroupName: '/aws/bedrock/payments' },
      imageDataDeliveryEnabled: false,
    });
    expect(byHand).toMatchObject({ s3Config: { bucketName: 'legacy-bedrock-records' } });
    expect(JSON.parse(status?.invocationLogging?.saved ?? '')).toEqual(byHand);
    expect(await stage.events('payments')).toContainEqual(expect.stringMatching(/^TakenOver: /));
  });

  test('kubectl get leases shows who holds the claim', async () => {
    expect(await claims()).toEqual([[claimOf(takeover), 'payments/chat']]);
  });

  test('a second monitor of the account and Region is told who holds it, since when, and what to do', async () => {
    await apply('rival', {
      region: takeover,
      adoptionPolicy: { invocationLogging: 'Always' },
      invocationLogging: {
        dataTypes: ['Text'],
        cloudWatchLogs: { logGroup: { name: '/aws/bedrock/rival' }, role: { arn: role } },
      },
    });
    const rival = await says('rival', { status: 'False', reason: 'Conflict' });
    expect(said(rival)?.message).toMatch(/payments\/chat holds .* since \d{4}-\d\d-\d\dT.*remove invocationLogging/s);
    expect(await own(takeover).logGroup('/aws/bedrock/rival')).toBeUndefined();
    await stage.kubectl('delete bedrockmonitor rival -n payments --timeout=60s');
    expect(await claims()).toEqual([[claimOf(takeover), 'payments/chat']]);
  });

  test('status.onDelete says what a deletion would do, as deletionPolicy has it', async () => {
    const onDelete = async () => (await monitor('chat')).status?.onDelete;
    expect(await onDelete()).toEqual({
      deletes: 2,
      retains: ['LogGroup//aws/bedrock/payments', 'DataProtectionPolicy//aws/bedrock/payments'],
      invocationLogging: 'Restore',
    });
    await patch('chat', { deletionPolicy: { alarms: 'Retain', invocationLogging: 'Disable' } });
    await says('chat', inSync);
    expect(await onDelete()).toMatchObject({ deletes: 0, invocationLogging: 'Disable' });
    await patch('chat', { deletionPolicy: { alarms: 'Delete', invocationLogging: 'Restore' } });
    await says('chat', inSync);
    expect(await onDelete()).toMatchObject({ deletes: 2, invocationLogging: 'Restore' });
  });

  test('driftPolicy Report: kubectl get shows the drift, and AWS keeps it until the policy is Correct', async () => {
    await patch('chat', { driftPolicy: { default: 'Report' } });
    await says('chat', inSync);
    const alarm = await own(takeover).alarm(errorsAlarm);
    if (alarm === undefined) throw new Error('the alarm is not there');
    await own(takeover).changeThreshold(alarm, 77);
    const drifted = await says('chat', { status: 'False', reason: 'NotEnforced' });
    expect(said(drifted, 'Drifted')).toMatchObject({ status: 'True', reason: 'DriftDetected' });
    expect(await row('chat')).toMatchObject({ READY: 'False', REASON: 'NotEnforced', DRIFT: '1' });
    expect(drifted.status?.drift?.fields).toMatchObject([{ path: 'alarms/errors/threshold', from: '77', to: '5' }]);
    expect(await own(takeover).alarm(errorsAlarm)).toMatchObject({ Threshold: 77 });
    await patch('chat', { driftPolicy: { default: 'Correct' } });
    await says('chat', inSync);
    expect(await own(takeover).alarm(errorsAlarm)).toMatchObject({ Threshold: alarm.Threshold });
    expect(await row('chat')).toMatchObject({ READY: 'True', DRIFT: '0' });
  });

  test('the annotation suspend-until stops every write until it is gone', async () => {
    await annotate('chat', `${annotations.suspendUntil}=${new Date(Date.now() + 3_600_000).toISOString()}`);
    await eventually(async () => expect(await row('chat', ' -o wide')).toMatchObject({ MODE: 'Suspended' }), soonMs);
    const before = writes();
    await patch('chat', { alarms: [{ name: 'errors', preset: 'ErrorRate', threshold: 9 }] });
    await says('chat', { status: 'False', reason: 'Suspended' });
    expect(writes()).toBe(before);
    expect((await monitor('chat')).metadata.finalizers).toContain(finalizer);
    await annotate('chat', `${annotations.suspendUntil}-`);
    await says('chat', inSync);
    expect(await own(takeover).alarm(errorsAlarm)).toMatchObject({ Threshold: 9 });
  });

  test('reconcile-requested-at is echoed once it was acted upon', async () => {
    await annotate('chat', `${annotations.reconcileRequestedAt}=now`);
    await eventually(async () => expect((await monitor('chat')).status?.lastHandledReconcileAt).toBe('now'), soonMs);
  });

  test('mode Plan shows the plan in status and one Event, and touches neither AWS nor Kubernetes', async () => {
    const before = writes();
    await apply('planned', {
      region: planning,
      mode: 'Plan',
      invocationLogging: {
        dataTypes: ['Text'],
        cloudWatchLogs: { logGroup: { name: '/aws/bedrock/planned' }, role: { arn: role } },
      },
      alarms: [{ name: 'errors', preset: 'ErrorRate' }],
    });
    const { metadata, status } = await says('planned', { status: 'False', reason: 'PlanPending' });
    expect(status?.plan).toMatchObject({ hash: expect.any(String), create: 4, update: 0, delete: 0 });
    expect(metadata.finalizers).toBeUndefined();
    expect(await claims()).toEqual([[claimOf(takeover), 'payments/chat']]);
    expect(writes()).toBe(before);
    await eventually(
      async () =>
        expect(await stage.events('payments')).toContainEqual(
          expect.stringMatching(`^Planned: plan ${status?.plan?.hash}: 4 to create`),
        ),
      soonMs,
    );
  });

  test('kubectl annotate approve-plan=HASH does exactly that plan', async () => {
    const hash = (await monitor('planned')).status?.plan?.hash ?? '';
    const before = writes();
    await annotate('planned', `${annotations.approvePlan}=not-${hash}`);
    await annotate('planned', `${annotations.reconcileRequestedAt}=wrong-hash`);
    await eventually(
      async () => expect((await monitor('planned')).status?.lastHandledReconcileAt).toBe('wrong-hash'),
      soonMs,
    );
    expect(writes()).toBe(before);
    await annotate('planned', `${annotations.approvePlan}=${hash}`);
    const done = await says('planned', inSync);
    expect(done.metadata.finalizers).toContain(finalizer);
    expect(done.status?.mode).toBe('Plan');
    expect(await own(planning).logging()).toMatchObject({ cloudWatchConfig: { logGroupName: '/aws/bedrock/planned' } });
    expect((await own(planning).alarms()).map(({ AlarmName }) => AlarmName)).toEqual([
      'bedrockmonitor/playground/payments/planned/errors',
      'bedrockmonitor/playground/payments/planned/log-delivery-failure',
    ]);
    expect(await claims()).toContainEqual([claimOf(planning), 'payments/planned']);
  });

  test('a monitor that is deleted in mode Plan leaves everything in AWS, with an Event that lists it', async () => {
    const before = writes();
    await stage.kubectl('delete bedrockmonitor planned -n payments --timeout=60s');
    expect(writes()).toBe(before);
    expect(await own(planning).alarms()).toHaveLength(2);
    expect(await own(planning).logging()).toBeDefined();
    await eventually(
      async () =>
        expect(await stage.events('payments')).toContainEqual(
          expect.stringMatching(/^Retained: .*MetricAlarm bedrockmonitor\/playground\/payments\/planned\/errors/),
        ),
      soonMs,
    );
  });

  test('force-orphan lets a deletion go that AWS refuses, with an Event of what stays', async () => {
    await apply('stuck', { region: planning, alarms: [{ name: 'errors', preset: 'ErrorRate' }] });
    await says('stuck', inSync);
    const allow = stage.aws.deny(ownAccountID, 'cloudwatch:DeleteAlarms');
    await stage.kubectl('delete bedrockmonitor stuck -n payments --wait=false');
    await eventually(
      async () => expect(said(await monitor('stuck'))?.message).toContain('cloudwatch:DeleteAlarms'),
      soonMs,
    );
    await annotate('stuck', `${annotations.forceOrphan}=true`);
    await stage.kubectl('wait --for=delete bedrockmonitor/stuck -n payments --timeout=60s');
    allow();
    const alarm = 'bedrockmonitor/playground/payments/stuck/errors';
    expect(await own(planning).alarm(alarm)).toBeDefined();
    await eventually(
      async () =>
        expect(await stage.events('payments')).toContainEqual(
          expect.stringMatching(`^Retained: .*MetricAlarm ${alarm}`),
        ),
      soonMs,
    );
  });

  test('kubectl delete puts the foreign configuration back, and keeps the log group with its masking', async () => {
    await stage.kubectl('delete bedrockmonitor chat -n payments --timeout=60s');
    await eventually(async () => expect(await own(takeover).logging()).toEqual(byHand), 10_000);
    expect(await own(takeover).alarms()).toEqual([]);
    expect(await own(takeover).logGroup('/aws/bedrock/payments')).toMatchObject({ dataProtectionStatus: 'ACTIVATED' });
    expect((await claims()).map(([name]) => name)).not.toContain(claimOf(takeover));
  });

  test('a credentials list that cannot be read allows nothing until it is mended', async () => {
    await apply('last', { region: planning, alarms: [{ name: 'throttling', preset: 'Throttling' }] });
    await says('last', inSync);
    const list = `configmap bedrock-monitor-credentials -n ${serviceAccount.namespace}`;
    const put = (text: string): Promise<string> =>
      stage.kubectl(`patch ${list} --type=merge -p`, JSON.stringify({ data: { 'credentials.yaml': text } }));
    await put('- {namespaces: [payments], ownAcount: true}');
    await says('last', { status: 'False', reason: 'RoleNotAllowed' });
    const before = writes();
    await patch('last', { alarms: [] });
    await says('last', { status: 'False', reason: 'RoleNotAllowed' });
    expect(writes()).toBe(before);
    await put('- {namespaces: ["pay*"], ownAccount: true}');
    await says('last', inSync);
    expect((await own(planning).alarms()).map(({ AlarmName }) => AlarmName)).not.toContainEqual(
      expect.stringContaining('/last/'),
    );
  });

  test('RBAC refused nothing, and no pass failed', async () => {
    const forbidden = (await stage.plane.audit()).filter(
      ({ user, annotations: notes }) =>
        user.username === username && notes?.['authorization.k8s.io/decision'] === 'forbid',
    );
    expect(forbidden).toEqual([]);
    const logs = (await Promise.all(stage.operators.map((one) => one.log()))).flat();
    expect(logs.filter(({ msg }) => msg === 'pass failed').map(({ error }) => error)).toEqual([]);
  });
});
