import { BedrockClient, GetModelInvocationLoggingConfigurationCommand } from '@aws-sdk/client-bedrock';
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeQueryDefinitionsCommand,
  GetDataProtectionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Playground } from '#src/playground/playground.ts';
import { startPlayground } from '#src/playground/playground.ts';
import { silentLog } from '#src/telemetry/log.ts';
import type { Kubectl } from './kubectl.ts';
import { createKubectl, hasKubectl } from './kubectl.ts';

const monitor = (name: string, spec: string) => `
apiVersion: bedrockmonitor.io/v1alpha1
kind: BedrockMonitor
metadata: {name: ${name}, namespace: genai}
spec:
  region: us-east-1
${spec}`;

const production = monitor(
  'production',
  `
  invocationLogging:
    dataTypes: [Text]
    cloudWatchLogs:
      logGroup: {name: /aws/bedrock/production}
      role: {arn: "arn:aws:iam::111122223333:role/bedrockmonitor/BedrockCloudWatchLogs"}
  dataProtection: {categories: [Credentials, PII]}
  alarms: [{name: latency, preset: LatencyP99, threshold: 15000}]
  dashboards: [{name: overview, preset: Overview}]
  savedQueries: [{name: latest, preset: LatestInvocations}]`,
);
const team = (threshold: number) =>
  monitor('team', `  alarms: [{name: calls, preset: Throttling, threshold: ${threshold}}]`);

const prefix = 'bedrockmonitor/playground/genai/';

// The steps build on each other, as those of a person at a terminal do.
describe.runIf(await hasKubectl())('a session of kubectl with the playground', { timeout: 30_000 }, () => {
  let playground: Playground;
  let kubectl: Kubectl;
  let bedrock: BedrockClient;
  let cloudwatch: CloudWatchClient;
  let logs: CloudWatchLogsClient;

  beforeAll(async () => {
    // That reads lag behind writes is no matter of kubectl's.
    playground = await startPlayground({ log: silentLog, aws: { consistency: { windowMs: 0 } } });
    kubectl = await createKubectl(playground.kubernetes.kubeconfig());
    const credentials = playground.aws.account('111122223333').credentials('auditor');
    const configuration = { region: 'us-east-1', endpoint: playground.awsURL, credentials };
    bedrock = new BedrockClient(configuration);
    cloudwatch = new CloudWatchClient(configuration);
    logs = new CloudWatchLogsClient(configuration);
  }, 300_000);
  afterAll(async () => {
    for (const client of [bedrock, cloudwatch, logs]) client?.destroy();
    await kubectl?.close();
    await playground?.stop();
  });

  const ready = (name: string) =>
    kubectl.output(['wait', '-n', 'genai', '--for=condition=Ready', `bedrockmonitor/${name}`, '--timeout=20s']);
  const threshold = async (alarm: string) => {
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [prefix + alarm] }));
    return MetricAlarms.map(({ Threshold }) => Threshold);
  };

  test('apply creates, and the second time changes nothing', async () => {
    const stdin = `{apiVersion: v1, kind: Namespace, metadata: {name: genai}}\n---${production}`;
    expect(await kubectl.output(['apply', '-f', '-'], { stdin })).toBe(
      'namespace/genai created\nbedrockmonitor.bedrockmonitor.io/production created\n',
    );
    expect(await kubectl.output(['apply', '-f', '-'], { stdin })).toBe(
      'namespace/genai unchanged\nbedrockmonitor.bedrockmonitor.io/production unchanged\n',
    );
  });

  test('wait returns once AWS is what the spec says', async () => {
    expect(await ready('production')).toBe('bedrockmonitor.bedrockmonitor.io/production condition met\n');
    const { loggingConfig } = await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}));
    expect(loggingConfig).toMatchObject({
      cloudWatchConfig: { logGroupName: '/aws/bedrock/production' },
      textDataDeliveryEnabled: true,
      imageDataDeliveryEnabled: false,
    });
  });

  test.each([['bedrockmonitors'], ['bmon'], ['aws']])('get %s shows the columns of the CRD', async (what) => {
    const lines = (await kubectl.output(['get', what, '-A'])).trimEnd().split('\n');
    expect(lines.map((line) => line.split(/\s+/))).toEqual([
      ['NAMESPACE', 'NAME', 'READY', 'REASON', 'LOGGING', 'MASKING', 'ALARMS', 'FIRING', 'DRIFT', 'AGE'],
      ['genai', 'production', 'True', 'InSync', 'Enabled', 'Active', '2/2', '0', '0', expect.stringMatching(/^\d+s$/)],
    ]);
  });

  test('get -o wide adds where and why', async () => {
    const [head = '', row = ''] = (await kubectl.output(['get', 'bmon', '-n', 'genai', '-o', 'wide'])).split('\n');
    expect(head).toMatch(/AGE +REGION +ACCOUNT +MODE +DELIVERING +DASHBOARDS +QUERIES +COST +MESSAGE$/);
    expect(row).toMatch(
      /us-east-1 +111122223333 +Enforce +Unknown +1\/1 +1\/1 +\d+[.]\d\d +AWS was read back and is what the spec says$/,
    );
  });

  test('explain tells what a field means', async () => {
    const said = await kubectl.output(['explain', 'bedrockmonitor.spec.dataProtection']);
    expect(said).toContain('KIND:       BedrockMonitor');
    expect(said).toContain('Masks sensitive data in the log group of invocationLogging.cloudWatchLogs.');
    expect(said).toMatch(/onFailure\t<string>\n\s+enum: StopLogging, KeepLogging/);
    expect(await kubectl.output(['explain', 'bmon.spec.alarms', '--recursive'])).toMatch(/ {2}threshold\t<number>/);
  });

  test('describe shows the conditions and the Events', async () => {
    const said = await kubectl.output(['describe', 'bmon', 'production', '-n', 'genai']);
    expect(said).toMatch(/Type:\s+DataProtected\n/);
    expect(said).toMatch(/Events:\n\s+Type\s+Reason\s+Age\s+From\s+Message\n/);
    expect(said).toMatch(/Normal\s+InSync\s+\d+s\s+bedrockmonitor\.io\/operator\s+Ready: AWS was read back/);
  });

  test('edit changes a threshold in AWS', async () => {
    expect(await threshold('production/latency')).toEqual([15000]);
    const editor = "sed -i 's/threshold: 15000/threshold: 20000/'";
    expect(await kubectl.output(['edit', 'bmon', 'production', '-n', 'genai'], { editor })).toBe(
      'bedrockmonitor.bedrockmonitor.io/production edited\n',
    );
    await ready('production');
    expect(await threshold('production/latency')).toEqual([20000]);
  });

  test('a change that a rule forbids is refused with its sentence', async () => {
    const patch = [
      'patch',
      'bmon',
      'production',
      '-n',
      'genai',
      '--type=merge',
      '-p',
      '{"spec":{"region":"eu-west-1"}}',
    ];
    expect(await kubectl.run(patch)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('region cannot change: a monitor is one Region of one account'),
    });
    const s3 = production.replace('dataTypes: [Text]', 'dataTypes: [Text]\n    s3: {bucket: {name: records-of-ours}}');
    expect(await kubectl.run(['apply', '-f', '-'], { stdin: s3 })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('set dataProtection.s3Bodies: AcceptUnmasked to accept that'),
    });
  });

  test('a field that does not exist is refused, not ignored', async () => {
    const stdin = monitor('typo', '  alarm: []');
    expect(await kubectl.run(['apply', '-f', '-'], { stdin })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('unknown field "spec.alarm"'),
    });
  });

  test('server-side apply names the manager in conflict, and takes over by force', async () => {
    const apply = (manager: string, value: number, ...more: readonly string[]) =>
      kubectl.run(['apply', '--server-side', `--field-manager=${manager}`, ...more, '-f', '-'], { stdin: team(value) });
    expect(await apply('platform', 5)).toMatchObject({
      code: 0,
      stdout: 'bedrockmonitor.bedrockmonitor.io/team serverside-applied\n',
    });
    await ready('team');
    expect(await threshold('team/calls')).toEqual([5]);

    expect(await apply('search', 50)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'Apply failed with 1 conflict: conflict with "platform": .spec.alarms[name="calls"].threshold',
      ),
    });
    expect(await apply('search', 50, '--force-conflicts')).toMatchObject({ code: 0 });
    await ready('team');
    expect(await threshold('team/calls')).toEqual([50]);
  });

  test('diff shows what an apply would do, and does nothing', async () => {
    const stdin = production.replace('LatencyP99, threshold: 15000', 'LatencyP99, threshold: 30000');
    const { code, stdout } = await kubectl.run(['diff', '-f', '-'], { stdin });
    expect(code).toBe(1);
    expect(stdout).toMatch(/-\s+threshold: 20000\n\+\s+threshold: 30000/);
    expect(await threshold('production/latency')).toEqual([20000]);
  });

  test('delete takes away what the monitor made, and keeps logs and their masking', async () => {
    expect(await kubectl.output(['delete', 'bmon', '--all', '-n', 'genai', '--timeout=20s'])).toBe(
      ['production', 'team']
        .map((name) => `bedrockmonitor.bedrockmonitor.io "${name}" deleted from genai namespace\n`)
        .join(''),
    );
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({}));
    const { DashboardEntries } = await cloudwatch.send(new ListDashboardsCommand({}));
    const { queryDefinitions } = await logs.send(new DescribeQueryDefinitionsCommand({}));
    expect({ MetricAlarms, DashboardEntries, queryDefinitions }).toEqual({
      MetricAlarms: [],
      DashboardEntries: [],
      queryDefinitions: [],
    });
    const { loggingConfig } = await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}));
    expect(loggingConfig).toBeUndefined();
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
    expect(logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays])).toEqual([
      ['/aws/bedrock/production', 90],
    ]);
    const policy = await logs.send(
      new GetDataProtectionPolicyCommand({ logGroupIdentifier: '/aws/bedrock/production' }),
    );
    expect(policy.policyDocument).toContain('EmailAddress');
  });
});
