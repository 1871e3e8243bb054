import { describe, expect, it } from 'vitest';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { createCloud } from '#src/aws/handlers.ts';
import { listPrices } from '#src/domain/cost.ts';
import { features } from '#src/domain/plan/types.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import { keyOf } from '#src/kubernetes/api-resource.ts';
import { connect } from '#src/kubernetes/client.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { monitors } from '#src/operator/monitors.ts';
import { createOperator } from '#src/operator/operator.ts';
import { createAws } from '#src/playground/aws/simulator.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { surround, surroundingsOf } from '#test/support/arbitrary/surroundings.ts';
import { installBasics } from '#test/support/basics.ts';
import { everyFeature } from '#test/support/every-feature.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import { basicSpec } from '#test/support/specs.ts';
import { tapClient } from '#test/support/tapped-client.ts';

const BASIC = 50;
/** Monitors with every feature in use, in accounts of their own. */
const FULL = 3;
const FLEET = BASIC + FULL;
const NAMESPACE = 'bedrock-monitor-system';
const RESYNC_MS = 600_000;
const configMaps: ApiResource<KubernetesObject & { data: Record<string, string> }> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  namespaced: true,
};

describe('a fleet of monitors in as many accounts, run by the whole controller', () => {
  it('writes nothing to AWS and nothing to Kubernetes over three resyncs', async () => {
    const clock = fakeClock();
    const aws = createAws({ clock });
    const own = aws.account('111122223333');
    const api = await startKubernetesApi({ clock });
    const plain = connect({ kubeConfig: loadKubeConfig({ text: api.kubeconfig() }) });
    const kubernetes = tapClient(plain, () => undefined);
    await installBasics(plain);
    await plain.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: NAMESPACE, name: 'bedrock-monitor-credentials' },
      data: { 'credentials.yaml': '- {namespaces: [genai], roleARNs: ["arn:aws:iam::*:role/bedrock-monitor"]}' },
    });
    const create = (name: string, spec: BedrockMonitorSpec) =>
      plain.create(monitors, {
        apiVersion,
        kind,
        metadata: { namespace: 'genai', name } as BedrockMonitor['metadata'],
        spec,
      });
    for (let index = 0; index < FULL; index += 1) {
      const around = surroundingsOf(String(300_000_000_000 + index), `-${index}`);
      surround(aws, clock.now(), around);
      const { accountID, assumedRoleARN } = around;
      await create(`full${index}`, { ...everyFeature(around), accountID, assumeRole: { roleARN: assumedRoleARN } });
    }
    for (let index = 0; index < BASIC; index += 1) {
      const account = aws.account(String(200_000_000_000 + index));
      const { arn } = account.assumableRole({
        name: 'bedrock-monitor',
        trusted: 'arn:aws:iam::111122223333:root',
        externalID: 'test/genai',
      });
      const role = account.loggingRole({ name: 'bedrock-logging', region: 'us-east-1', logGroup: '*' });
      const spec = { ...basicSpec(role.arn), accountID: account.id, assumeRole: { roleARN: arn } };
      await create(`m${index}`, spec);
    }
    const problems: unknown[] = [];
    const operator = createOperator({
      client: kubernetes.client,
      cloud: createCloud({
        clock,
        cluster: 'test',
        random: () => 0.5,
        requestHandler: aws.requestHandler,
        credentials: own.credentials(),
      }),
      clock,
      random: () => 0.5,
      cluster: 'test',
      namespace: NAMESPACE,
      claimNamespace: NAMESPACE,
      credentialsConfigMap: 'bedrock-monitor-credentials',
      watchNamespaces: [],
      workers: 8,
      resyncMs: RESYNC_MS,
      settings: {
        sliceMs: 20_000,
        deletionDeadlineMs: 600_000,
        maskingGraceMs: 300_000,
        dryRunAll: false,
        features: new Set(features),
        prices: listPrices,
        resyncMs: 600_000,
        hideForeignNames: false,
      },
      instance: 'test',
      report: {
        outcome() {},
        passFailed: (error) => void problems.push(error),
        problem: (_, error) => void problems.push(error),
      },
    });
    await operator.watch();
    operator.work();

    /** Watches deliver in real time, which fake time must not overtake. */
    let delivered = -1;
    const isBehind = async () => {
      const written = kubernetes.calls.filter(({ writes }) => writes).length;
      if (written === delivered) return false;
      const cached = new Map(operator.store.list().map((one) => [keyOf(one), one.metadata.resourceVersion]));
      const { items } = await plain.list(monitors);
      if (items.some((one) => cached.get(keyOf(one)) !== one.metadata.resourceVersion)) return true;
      delivered = written;
      return false;
    };
    /** Fake time passes while no worker is in a pass, or all that are wait for a timer. */
    const live = async (ms: number) => {
      const end = clock.monotonic() + ms;
      while (clock.monotonic() < end) {
        await clock.flush();
        if (kubernetes.inFlight > 0 || (await isBehind())) continue;
        await clock.advance(Math.min(clock.untilNext ?? ms, end - clock.monotonic(), 1_000));
      }
    };
    const ready = () =>
      operator.store
        .list()
        .filter(({ status }) => status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'))
        .length;

    for (let minutes = 0; minutes < 10 && ready() < FLEET; minutes += 1) await live(60_000);
    expect(ready()).toBe(FLEET);
    await live(RESYNC_MS);
    kubernetes.forgetCalls();
    aws.forgetCalls();
    await live(3.5 * RESYNC_MS);
    expect(aws.writes().map(({ operation }) => operation)).toEqual([]);
    expect(kubernetes.calls.filter(({ writes }) => writes)).toEqual([]);
    expect(problems).toEqual([]);
    const looked = new Set(
      aws.calls.filter(({ operation }) => operation === 'DescribeAlarms').map(({ account }) => account),
    );
    expect(looked.size).toBe(FLEET);
    expect(
      aws.calls.filter(({ operation, account }) => operation === 'DescribeAlarms' && account === '200000000000').length,
    ).toBeOneOf([3, 4]);

    const stopping = operator.stop(1_000);
    await live(5_000);
    await stopping;
    await plain.close();
    await api.close();
  }, 60_000);
});
