import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import { ownAccountID } from '#src/playground/seed.ts';
import type { OperatorProcess } from './operator/support/operator-process.ts';
import { type Stage, serviceAccount, startStage } from './operator/support/stage.ts';
import { eventually, leaderOf, startReady } from './operator/support/waiting.ts';
import { type RunResult, run } from './support/run.ts';

const repository = join(import.meta.dirname, '../..');
const manifests = join(repository, 'manifests');
const crd = 'crd/bedrockmonitors.bedrockmonitor.io';
const monitors = ['genai/production', 'platform/logging', 'research/sandbox', 'team-search/search'];
const regions = ['us-east-1', 'eu-central-1'];

/** Who looks after the cluster: may do what docs/operations.md says that `orphan` needs, and nothing else. */
const janitor = { namespace: 'default', name: 'janitor' };

interface Installed {
  readonly stage: Stage;
  readonly operator: OperatorProcess;
  /** `bedrock-monitor orphan …` as the janitor. */
  orphan(...args: readonly string[]): Promise<RunResult>;
}

/** manifests/, a leader, and four monitors of which three are ready and one is in conflict. */
async function installEverything(stage: Stage): Promise<Installed> {
  await stage.kubectl('apply -k', manifests);
  await stage.kubectl(`wait --for=condition=Established ${crd}`);
  const operator = await startReady(stage, 'operator');
  expect(await leaderOf(stage)).toBe(operator);
  for (const example of ['basic', 'shared-account']) {
    await stage.kubectl('apply -f', join(repository, `examples/${example}.yaml`));
  }
  for (const key of monitors.filter((one) => one !== 'research/sandbox')) {
    const [namespace, name] = key.split('/');
    await stage.kubectl(`wait --for=condition=Ready -n ${namespace} bedrockmonitor/${name} --timeout=60s`);
  }
  const conflict = '--for=jsonpath={.status.conditions[?(@.type=="Ready")].reason}=Conflict';
  await stage.kubectl('wait -n research bedrockmonitor/sandbox --timeout=60s', conflict);

  await stage.kubectl(`create serviceaccount ${janitor.name} -n ${janitor.namespace}`);
  const grants = { monitors: ['bedrockmonitors.bedrockmonitor.io', 'get,list,patch'], leases: ['leases', 'get,list'] };
  for (const [what, [resource, verbs]] of Object.entries(grants)) {
    await stage.kubectl(`create clusterrole janitor-${what} --verb=${verbs} --resource=${resource}`);
    await stage.kubectl(
      `create clusterrolebinding janitor-${what} --clusterrole=janitor-${what} --serviceaccount=default:janitor`,
    );
  }
  const kubeconfig = await stage.plane.kubeconfigFor(janitor);
  return {
    stage,
    operator,
    orphan: (...args) =>
      run(process.execPath, ['src/main.ts', 'orphan', ...args, `--kubeconfig=${kubeconfig}`], { cwd: repository }),
  };
}

/** Steps on one installation, each from where the last one ended. */
function steps(): () => Installed {
  let stage: Stage | undefined;
  let installed: Installed | undefined;
  let broken = false;
  beforeAll(async () => {
    stage = await startStage();
    installed = await installEverything(stage);
  });
  afterAll(() => stage?.stop());
  beforeEach(({ skip }) => {
    skip(broken, 'an earlier step failed');
    onTestFailed(() => void (broken = true));
  });
  return () => {
    if (installed === undefined) throw new Error('nothing is installed');
    return installed;
  };
}

/** `kind name` of what AWS holds in the account, but the log groups. */
async function heldBeside(stage: Stage): Promise<readonly string[]> {
  const all = await Promise.all(
    regions.map(async (region) => {
      const aws = stage.console(ownAccountID, region);
      const [alarms, queries, logging] = await Promise.all([aws.alarms(), aws.queries(), aws.logging()]);
      return [
        ...alarms.map(({ AlarmName }) => `alarm ${AlarmName}`),
        ...queries.map(({ name }) => `query ${name}`),
        ...(logging === undefined ? [] : [`logging ${region}`]),
      ];
    }),
  );
  const dashboards = await stage.console(ownAccountID, 'us-east-1').dashboards();
  return [...all.flat(), ...dashboards.map((name) => `dashboard ${name}`)].toSorted();
}

async function logGroups(stage: Stage): Promise<readonly string[]> {
  const groups = await Promise.all(regions.map((region) => stage.console(ownAccountID, region).logGroups()));
  return groups.flat().map((group) => `${group.logGroupName}: ${group.dataProtectionStatus}`);
}

/** Objects of ours outside of the operator's namespace, and those in it. */
async function leftInCluster({ kubectl }: Stage): Promise<readonly string[]> {
  const kinds = 'deployments,configmaps,serviceaccounts,poddisruptionbudgets,roles,rolebindings,leases';
  const inside = await kubectl(`get ${kinds} -n ${serviceAccount.namespace} -o name`);
  const outside = await kubectl('get crds,clusterroles,clusterrolebindings -o name');
  return [...inside.split('\n'), ...outside.split('\n').filter((line) => line.includes('bedrock'))].filter(Boolean);
}

/** The operator dies, its manifests go, and the monitors and their definition hang. */
async function operatorGoesFirst({ stage, operator }: Installed): Promise<void> {
  // A node that is lost takes no leave.
  await operator.stop(0);
  await stage.kubectl('delete --wait=false -k', manifests);
  // A controller would take them with their namespace, and the claims among them.
  await stage.kubectl(`delete leases --all -n ${serviceAccount.namespace}`);
  await eventually(async () => {
    const deleted = (await stage.monitors()).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    expect(deleted.map(({ metadata }) => metadata.finalizers)).toEqual(
      monitors.map(() => ['bedrockmonitor.io/finalizer']),
    );
    const terminating = '{.status.conditions[?(@.type=="Terminating")].reason}';
    expect(await stage.kubectl(`get ${crd} -o jsonpath=${terminating}`)).toBe('InstanceDeletionInProgress');
  }, 30_000);
}

/** What a namespace controller does once a namespace that is being deleted is empty. */
async function finishNamespace({ plane }: Stage, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: { finalizers: [] } };
  const { status } = await plane.api.request('PUT', `/api/v1/namespaces/${name}/finalize`, { body });
  expect(status).toBe(200);
}

const masked = ['/aws/bedrock/production: ACTIVATED', '/aws/bedrock/shared: ACTIVATED'];

describe('uninstalling in the right order: monitors, then manifests', () => {
  const installed = steps();

  test('while the operator runs, orphan refuses and changes nothing', async () => {
    const { orphan, stage } = installed();
    const holder = await stage.kubectl(
      `get lease bedrock-monitor -n ${serviceAccount.namespace} -o jsonpath={.spec.holderIdentity}`,
    );
    const answer = await orphan('--all', '--yes');
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain(`bedrock-monitor orphan: an operator is running: ${holder} holds the Lease`);
    const finalizers = (await stage.monitors()).map(({ metadata }) => metadata.finalizers);
    expect(finalizers).toEqual(monitors.map(() => ['bedrockmonitor.io/finalizer']));
  });

  test('kubectl delete bedrockmonitors waits until the operator has cleaned up, and leaves only masked log groups', async () => {
    const { stage } = installed();
    expect(await heldBeside(stage)).not.toEqual([]);
    await stage.kubectl('delete bedrockmonitors --all --all-namespaces --timeout=90s');
    expect(await stage.monitors()).toEqual([]);
    // A second of AWS's reads may still be old.
    await eventually(async () => expect(await heldBeside(stage)).toEqual([]), 10_000);
    expect(await logGroups(stage)).toEqual(masked);
  });

  test('kubectl delete -k manifests/ then leaves nothing in the cluster', async () => {
    const { stage, operator } = installed();
    // What ends the pods of the Deployment in a cluster with controllers.
    await operator.stop(45_000);
    expect(operator.exitCode()).toBe(0);
    await stage.kubectl('delete --wait=false -k', manifests);
    await stage.kubectl(`wait --for=delete ${crd} --timeout=60s`);
    // The leader's own Lease goes with the namespace, which without a controller stays in Terminating.
    expect(await leftInCluster(stage)).toEqual(['lease.coordination.k8s.io/bedrock-monitor']);
    const phase = await stage.kubectl(`get namespace ${serviceAccount.namespace} -o jsonpath={.status.phase}`);
    expect(phase).toBe('Terminating');
    expect(await logGroups(stage)).toEqual(masked);
  });
});

describe('uninstalling when the operator went first', () => {
  const installed = steps();
  let held: readonly string[] = [];

  /** One AWS resource of a table of `orphan`: kind and name. */
  const listed = (stdout: string): readonly string[] =>
    stdout
      .split('\n')
      .filter((line) => line.includes(`   ${ownAccountID}   `))
      .map((line) => line.split(/\s{2,}/))
      .map(([monitor, , region, kind, name]) => `${monitor} ${region} ${kind} ${name}`);

  test('kubectl delete -k manifests/ hangs on the finalizers of the monitors', async () => {
    held = await heldBeside(installed().stage);
    expect(held).not.toEqual([]);
    await operatorGoesFirst(installed());
  });

  test('orphan --all lists what stays in AWS and changes nothing', async () => {
    const { stage, orphan } = installed();
    const before = await stage.monitors();
    const { code, stdout, stderr } = await orphan('--all');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(listed(stdout).toSorted()).toEqual([
      'genai/production all Dashboard bedrockmonitor_playground_genai_production_overview_us-east-1',
      'genai/production us-east-1 DataProtectionPolicy /aws/bedrock/production',
      'genai/production us-east-1 InvocationLogging invocation-logging',
      'genai/production us-east-1 LogGroup /aws/bedrock/production',
      'genai/production us-east-1 MetricAlarm bedrockmonitor/playground/genai/production/log-delivery-failure',
      'genai/production us-east-1 MetricAlarm bedrockmonitor/playground/genai/production/throttling',
      'platform/logging eu-central-1 DataProtectionPolicy /aws/bedrock/shared',
      'platform/logging eu-central-1 InvocationLogging invocation-logging',
      'platform/logging eu-central-1 LogGroup /aws/bedrock/shared',
      'platform/logging eu-central-1 MetricAlarm bedrockmonitor/playground/platform/logging/log-delivery-failure',
      'research/sandbox eu-central-1 MetricAlarm bedrockmonitor/playground/research/sandbox/log-delivery-failure',
      'research/sandbox eu-central-1 MetricAlarm bedrockmonitor/playground/research/sandbox/throttling',
      'team-search/search all Dashboard bedrockmonitor_playground_team-search_search_overview_eu-central-1',
      'team-search/search eu-central-1 MetricAlarm bedrockmonitor/playground/team-search/search/errors/q1w2e3r4t5y6',
      'team-search/search eu-central-1 MetricAlarm bedrockmonitor/playground/team-search/search/first-token/q1w2e3r4t5y6',
      'team-search/search eu-central-1 QueryDefinition bedrockmonitor/playground/team-search/search/my-errors',
    ]);
    expect(listed(stdout)).toHaveLength(held.length + 2 * masked.length);
    expect(stdout).toMatch(/\n {2}bedrock-monitor orphan --all --kubeconfig=\S+ --yes\n/);
    expect(await stage.monitors()).toEqual(before);
  });

  test('orphan --all --yes lets the monitors go, and with them the definition', async () => {
    const { stage, orphan } = installed();
    const { code, stdout, stderr } = await orphan('--all', '--yes');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const key of monitors) expect(stdout).toMatch(new RegExp(`^${key} +gone$`, 'm'));
    await stage.kubectl(`wait --for=delete ${crd} --timeout=60s`);
    expect(await leftInCluster(stage)).toEqual([]);
    expect(await orphan('--all', '--yes')).toEqual({ code: 0, stdout: 'There are no such monitors.\n\n', stderr: '' });
  });

  test('in AWS everything is as the operator left it', async () => {
    const { stage, operator } = installed();
    expect(await heldBeside(stage)).toEqual(held);
    expect(await logGroups(stage)).toEqual(masked);
    expect(new Set(stage.aws.writes().map(({ caller }) => caller.split('/').at(-1)))).toEqual(new Set([operator.name]));
  });

  test('RBAC refused nothing of what was asked of it', async () => {
    const { stage } = installed();
    const asked = (await stage.plane.audit()).filter(
      ({ user }) => user.username === `system:serviceaccount:${janitor.namespace}:${janitor.name}`,
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
    const verbs = asked.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource}`);
    expect([...new Set(verbs)].toSorted()).toEqual([
      'get leases',
      'list bedrockmonitors',
      'list leases',
      'patch bedrockmonitors',
    ]);
  });
});

describe('installing the operator again when it went first', () => {
  const installed = steps();

  test('cleans up as if it had never been gone, and the definition goes last', async () => {
    const { stage } = installed();
    await operatorGoesFirst(installed());
    await finishNamespace(stage, serviceAccount.namespace);
    await stage.kubectl('apply -k', manifests);
    const again = await startReady(stage, 'operator-again');
    await stage.kubectl(`wait --for=delete ${crd} --timeout=90s`);
    await eventually(async () => expect(await heldBeside(stage)).toEqual([]), 10_000);
    expect(await logGroups(stage)).toEqual(masked);
    await again.stop(45_000);
  });
});
