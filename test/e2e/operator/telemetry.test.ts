import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { ownAccountID } from '#src/playground/seed.ts';
import { deniedOn } from '#test/e2e/support/denied.ts';
import { said } from '#test/support/said.ts';
import { claimsOn, type Monitors, monitorsIn, soonMs } from './support/monitors.ts';
import { type Stage, startStage } from './support/stage.ts';
import { eventually, leaderOf, startReady } from './support/waiting.ts';

const manifests = join(import.meta.dirname, '../../../manifests');
/** Models were called there before the operator came. */
const region = 'sa-east-1';
const [claude, lite] = ['global.anthropic.claude-sonnet-4-20250514-v1:0', 'amazon.nova-lite-v1:0'];
const group = '/aws/bedrock/watched';
const prefix = 'bedrockmonitor/playground/genai/watched';
const sinkClaim = `claim-${ownAccountID}-${region}-sink`;
const inSync = { status: 'True', reason: 'InSync' };

const watched: BedrockMonitorSpec = {
  region,
  models: ['*anthropic.*'],
  notifications: { routes: [{ severity: 'Warning', alarmActions: [`arn:aws:sns:${region}:${ownAccountID}:ticket`] }] },
  invocationLogging: {
    dataTypes: ['Text'],
    cloudWatchLogs: {
      logGroup: { name: group },
      role: { arn: `arn:aws:iam::${ownAccountID}:role/bedrockmonitor/BedrockCloudWatchLogs` },
    },
    deliveryAlarm: 'Disabled',
  },
  alarms: [
    { name: 'latency', preset: 'LatencyP99' },
    { name: 'throttling', preset: 'Throttling', models: [] },
  ],
  compositeAlarms: [{ name: 'trouble', anyOf: ['latency', 'throttling'], severity: 'Warning' }],
};
const sinkFor = (source: string): BedrockMonitorSpec => ({
  region,
  crossAccount: { sink: { sourceAccountIDs: [source] } },
  alarms: [{ name: 'throttling', preset: 'Throttling' }],
});

describe('what the status tells of AWS, and of who holds what', () => {
  let stage: Stage;
  let genai: Monitors;
  let research: Monitors;
  let broken = false;

  beforeAll(async () => {
    stage = await startStage();
    genai = monitorsIn(stage, 'genai');
    research = monitorsIn(stage, 'research');
    await stage.kubectl('apply -k', manifests);
    await stage.kubectl('wait --for=condition=Established crd/bedrockmonitors.bedrockmonitor.io');
    await startReady(stage, 'operator');
    await leaderOf(stage);
    for (const namespace of ['genai', 'research']) await stage.kubectl(`create namespace ${namespace}`);
    await genai.apply('watched', watched);
  });
  afterAll(() => stage?.stop());
  beforeEach(({ skip }) => {
    skip(broken, 'an earlier step failed');
    onTestFailed(() => void (broken = true));
  });

  const aws = () => stage.aws.account(ownAccountID);
  const waitFor = (what: string, timeout = 60): Promise<string> =>
    stage.kubectl(`wait -n genai bedrockmonitor/watched --timeout=${timeout}s`, `--for=${what}`);
  const events = (reason: string): Promise<string> =>
    stage.kubectl(`get events -n genai --no-headers --field-selector=reason=${reason},involvedObject.name=watched`);
  const call = () =>
    aws().invoke(region, {
      modelId: claude,
      prompt: 'What is 192.168.0.1?',
      completion: 'An address.',
      inputTokenCount: 9,
      outputTokenCount: 3,
      identity: `arn:aws:iam::${ownAccountID}:user/somebody`,
    });

  test('status.models names the models that a pattern finds, and each has its alarm', async () => {
    await waitFor('condition=Ready');
    const { status } = await genai.get('watched');
    expect(status?.models).toEqual([claude]);
    expect([...aws().region(region).alarms.keys()].toSorted()).toEqual([
      `${prefix}/latency/${claude}`,
      `${prefix}/throttling`,
      `${prefix}/trouble`,
    ]);
    await genai.patch('watched', { models: ['*'] });
    await genai.says('watched', inSync);
    expect((await genai.get('watched')).status?.models?.toSorted()).toEqual([lite, claude].toSorted());
    expect(await genai.row('watched')).toMatchObject({ ALARMS: '4/4', FIRING: '0' });
  });

  test('kubectl get -o wide shows what the monitor costs, and more alarms cost more', async () => {
    const cost = async (): Promise<number> => Number((await genai.row('watched', ' -o wide'))['COST']);
    const before = await cost();
    expect(before).toBeGreaterThan(0);
    const { status } = await genai.get('watched');
    expect(status?.estimatedMonthlyCost).toEqual({
      amountUSD: before.toFixed(2),
      pricesOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
    await genai.patch('watched', { dashboards: [{ name: 'overview', preset: 'Overview' }] });
    await genai.says('watched', inSync);
    expect(await cost()).toBeGreaterThanOrEqual(before + 3);
    await genai.patch('watched', { dashboards: null });
    await genai.says('watched', inSync);
  });

  test('an alarm that fires is counted in FIRING, named in the status and told in an Event, and Ready stays True', async () => {
    const alarms = [...aws().region(region).alarms.keys()];
    for (const name of alarms) aws().alarmState(region, name, 'OK');
    aws().alarmState(region, `${prefix}/latency/${claude}`, 'ALARM');
    aws().alarmState(region, `${prefix}/trouble`, 'ALARM');
    await waitFor('jsonpath={.status.alarms.firing}=2');
    const { status } = await genai.get('watched');
    expect(status?.alarms).toMatchObject({
      total: 4,
      inSync: 4,
      ok: 2,
      firing: 2,
      insufficientData: 0,
      firingNames: [`latency/${claude}`, 'trouble'],
    });
    expect(await genai.row('watched')).toMatchObject({ READY: 'True', REASON: 'InSync', ALARMS: '4/4', FIRING: '2' });
    await eventually(async () => {
      const told = await events('AlarmFiring');
      expect(told).toMatch(/Warning\s+AlarmFiring\s+bedrockmonitor\/watched\s+alarm trouble is in state ALARM/);
      expect(told).toContain(`alarm latency/${claude} is in state ALARM`);
    }, soonMs);

    for (const name of alarms) aws().alarmState(region, name, 'OK');
    await waitFor('jsonpath={.status.alarms.firing}=0');
    await eventually(
      async () => expect(await events('AlarmOver')).toMatch(/Normal\s+AlarmOver\s.*alarm trouble is no longer/),
      soonMs,
    );
  });

  test('of two monitors that ask for the sink one holds it, and the other says who', async () => {
    await genai.apply('observing', sinkFor('444455556666'));
    await genai.says('observing', inSync);
    expect(await claimsOn(stage)).toContainEqual([sinkClaim, 'genai/observing']);
    await research.apply('observing-too', sinkFor('777788889999'));
    const second = await research.says('observing-too', { status: 'False', reason: 'Conflict' });
    expect(said(second)?.message).toMatch(
      /genai\/observing holds the observability sink .* since \d{4}-.*remove cross/,
    );
    const row = await research.row('observing-too', ' -o wide');
    expect(row).toMatchObject({ READY: 'False', REASON: 'Conflict', ALARMS: '1/1' });
    expect(row['MESSAGE']).toContain('BedrockMonitor genai/observing holds the observability sink');
    expect(await claimsOn(stage)).toContainEqual([sinkClaim, 'genai/observing']);
    expect([...aws().region(region).sinks.values()].map(({ policy }) => policy)).toEqual([
      expect.not.stringContaining('777788889999'),
    ]);
  });

  test('when the holder is deleted the other goes on with the very same sink', async () => {
    const [sink] = aws().region(region).sinks.values();
    await stage.kubectl('delete bedrockmonitor observing -n genai --timeout=60s');
    await research.says('observing-too', inSync);
    expect(await claimsOn(stage)).toContainEqual([sinkClaim, 'research/observing-too']);
    const [heir, ...others] = aws().region(region).sinks.values();
    expect([heir?.arn, others]).toEqual([sink?.arn, []]);
    expect(heir?.tags).toMatchObject({ 'bedrockmonitor.io/monitor': 'research/observing-too' });
    expect(heir?.policy).toContain('777788889999');
    expect(heir?.policy).not.toContain('444455556666');
    await stage.kubectl('delete bedrockmonitor observing-too -n research --timeout=60s');
    expect([...aws().region(region).sinks.keys()]).toEqual([]);
    expect((await claimsOn(stage)).map(([name]) => name)).not.toContain(sinkClaim);
  });

  test('kubectl wait --for=condition=Delivering ends once records arrive', async () => {
    expect(said(await genai.get('watched'), 'Delivering')).toMatchObject({ status: 'Unknown', reason: 'NoTraffic' });
    call();
    // The metrics of the first minute of logging are not looked at yet.
    await waitFor('condition=Delivering', 120);
    expect(said(await genai.get('watched'), 'Delivering')).toMatchObject({ reason: 'Delivered' });
    expect(await genai.row('watched', ' -o wide')).toMatchObject({ READY: 'True', DELIVERING: 'True' });
  });

  test('records that no longer arrive show in DELIVERING, and Ready stays True', async () => {
    // The metrics are read every ten minutes, and at once by a process that is new.
    const old = await leaderOf(stage);
    await old.stop(45_000);
    // Newer than the points of the success: of a period with both it is said that it failed.
    aws().metric(region, {
      namespace: 'AWS/Bedrock',
      name: 'ModelInvocationLogsCloudWatchDeliveryFailure',
      dimensions: {},
      points: [{ timestamp: Date.now(), value: 1 }],
    });
    await startReady(stage, 'operator-again');
    await waitFor('condition=Delivering=false');
    expect(said(await genai.get('watched'), 'Delivering')).toMatchObject({
      reason: 'DeliveryFailing',
      message: expect.stringContaining(group),
    });
    expect(await genai.row('watched', ' -o wide')).toMatchObject({ READY: 'True', DELIVERING: 'False' });
  });

  test('AWS and RBAC refused nothing, and no pass failed', async () => {
    expect(deniedOn(stage.aws)).toEqual([]);
    const forbidden = (await stage.plane.audit()).filter(
      ({ annotations: notes }) => notes?.['authorization.k8s.io/decision'] === 'forbid',
    );
    expect(forbidden).toEqual([]);
    const logs = (await Promise.all(stage.operators.map((one) => one.log()))).flat();
    expect(logs.filter(({ msg }) => msg === 'pass failed').map(({ error }) => error)).toEqual([]);
  });
});
