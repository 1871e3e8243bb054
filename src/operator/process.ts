import { hostname } from 'node:os';
import { reasonNames } from '#src/api/reasons.ts';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import type { Credentials, RequestHandler } from '#src/aws/clients.ts';
import { createCloud } from '#src/aws/handlers.ts';
import { awsOperations } from '#src/aws/operations.ts';
import type { Config } from '#src/config.ts';
import { version } from '#src/config.ts';
import { listPrices } from '#src/domain/cost.ts';
import { kinds } from '#src/domain/kinds.ts';
import type { ApiResource } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import { systemClock } from '#src/kubernetes/clock.ts';
import { openFence } from '#src/kubernetes/fence.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import type { Election } from '#src/kubernetes/leader-election.ts';
import { createElection } from '#src/kubernetes/leader-election.ts';
import { createLeases } from '#src/kubernetes/lease.ts';
import type { Metrics } from '#src/kubernetes/metrics.ts';
import { metricDefinitions } from '#src/kubernetes/metrics.ts';
import type { RequestSample } from '#src/kubernetes/requester.ts';
import type { StopStep } from '#src/kubernetes/shutdown.ts';
import { stopInOrder } from '#src/kubernetes/shutdown.ts';
import { cacheCheck, eventLoopCheck, watchCheck, workerCheck } from '#src/telemetry/checks.ts';
import { serveHealth, serveMetrics } from '#src/telemetry/http.ts';
import type { Log } from '#src/telemetry/log.ts';
import type { Readiness } from '#src/telemetry/metrics.ts';
import { countMonitors, operatorMetrics, startSeries } from '#src/telemetry/metrics.ts';
import { createRegistry } from '#src/telemetry/registry.ts';
import { createOperator } from './operator.ts';
import { createReport } from './report.ts';

export interface ProcessOptions {
  readonly log: Log;
  /** The kubeconfig as text, in place of the one that the configuration names. */
  readonly kubeconfigText?: string;
  /** What carries the requests to AWS; absent: HTTPS. */
  readonly awsRequestHandler?: RequestHandler;
  /** The operator's own identity in AWS; absent: what the SDK's default chain finds. */
  readonly awsCredentials?: Credentials;
  /** Leadership was lost: the process must end, and not act again. */
  readonly onLost: (reason: string) => void;
}

export interface OperatorProcess {
  /** Lets passes finish, lets the Lease go, and stops everything; at most about 30 s. */
  stop(): Promise<void>;
  readonly healthPort: number | undefined;
  readonly metricsPort: number | undefined;
}

/** Passes get this long to end when the process stops; the pod gets 45 s. */
const GRACE_MS = 30_000;
const PASSES_GRACE_MS = 22_000;
/** Promise 5: masking that fails for five minutes switches logging off. */
const MASKING_GRACE_MS = 300_000;

const knownReasons: ReadonlySet<string> = new Set(reasonNames);

const namespaces: ApiResource = { group: '', version: 'v1', plural: 'namespaces', namespaced: false };

/**
 * The whole operator as one process runs it: probes and metrics first, then caches, then, once elected, passes.
 * Resolves when it watches; a standby goes no further.
 */
export async function startProcess(config: Config, options: ProcessOptions): Promise<OperatorProcess> {
  const { log } = options;
  const clock = systemClock;
  const registry = createRegistry({ ...metricDefinitions, ...operatorMetrics });
  const kubeConfig = loadKubeConfig({
    ...(options.kubeconfigText !== undefined && { text: options.kubeconfigText }),
    ...(config.kubeconfig !== undefined && { file: config.kubeconfig }),
  });
  const client = connect({ kubeConfig, clock, onRequest: countRequests(registry) });
  const namespace = config.namespace ?? client.namespace ?? 'bedrock-monitor-system';
  const cluster = config.clusterName ?? (await clusterID(client));
  const instance = `${hostname()}_${process.pid}`;

  const election: Election | undefined = config.leaderElect
    ? createElection({
        leases: createLeases(client, namespace),
        name: config.leaderElectionID,
        clock,
        onLost: options.onLost,
        onProblem: (error) => log.warn('leader election had a problem', { error }),
        metrics: registry,
      })
    : undefined;
  const fence = election?.fence ?? openFence;
  const report = createReport(log, registry);
  const cloud = createCloud({
    clock,
    cluster,
    random: Math.random,
    fence: () => fence.check(),
    ...(config.awsEndpoint !== undefined && { endpoint: config.awsEndpoint }),
    ...(options.awsRequestHandler !== undefined && { requestHandler: options.awsRequestHandler }),
    ...(options.awsCredentials !== undefined && { credentials: options.awsCredentials }),
    onCall: report.awsCall,
    onWrite: report.awsWrite,
  });
  const operator = createOperator({
    client,
    cloud,
    clock,
    cluster,
    namespace,
    claimNamespace: config.claimNamespace ?? namespace,
    credentialsConfigMap: config.credentialsConfigMap,
    watchNamespaces: config.watchNamespaces,
    workers: config.workers,
    resyncMs: config.resyncMs,
    settings: {
      sliceMs: config.sliceMs,
      deletionDeadlineMs: config.deletionDeadlineMs,
      maskingGraceMs: MASKING_GRACE_MS,
      dryRunAll: config.dryRunAll,
      hideForeignNames: config.hideForeignNames,
      features: new Set(config.features),
      prices: { ...listPrices, ...config.prices },
      resyncMs: config.resyncMs,
    },
    instance,
    metrics: registry,
    report,
  });
  startSeries(registry, { version, controller: 'bedrockmonitor', kinds, awsOperations });
  registry.beforeScrape(() => {
    operator.controller.measure();
    registry.replace('bedrockmonitor_monitors', countMonitors(operator.store.list().map(readinessOf), knownReasons));
  });
  const loop = eventLoopCheck(clock);
  const alive = [loop, workerCheck(() => operator.controller.stats().stuck)];
  const ready = [
    cacheCheck(() => operator.reflectors.every((reflector) => reflector.hasSynced())),
    watchCheck(() => oldest(operator.reflectors.map((reflector) => reflector.lastEventAgeMs()))),
  ];
  const health = config.healthAddress && (await serveHealth(config.healthAddress, alive, ready));
  const metrics = config.metricsAddress && (await serveMetrics(config.metricsAddress, registry));
  const stopping = new AbortController();

  await operator.watch();
  log.info('watching', { cluster, namespace, monitors: operator.store.size, version });
  election?.start();
  const lead = async () => {
    await election?.elected(stopping.signal);
    if (stopping.signal.aborted) return;
    log.info('leading', { instance });
    operator.work();
  };
  const working = lead();

  const steps: readonly StopStep[] = [
    { name: 'passes', stop: () => operator.stop(PASSES_GRACE_MS) },
    { name: 'lease', stop: async () => election?.stop() },
    { name: 'connection', stop: () => client.close() },
    { name: 'servers', stop: async () => void (await Promise.all([health?.close(), metrics?.close()])) },
  ];
  return {
    async stop() {
      stopping.abort(new Error('stopping'));
      loop.close();
      await working.catch(ignore);
      await stopInOrder(steps, {
        clock,
        graceMs: GRACE_MS,
        onProblem: (step, error) => log.warn('a part did not stop cleanly', { step, error }),
      });
    },
    healthPort: health?.port,
    metricsPort: metrics?.port,
  };
}

/** Clusters tell themselves apart in AWS by the UID of their oldest namespace. */
async function clusterID(client: Client): Promise<string> {
  const { metadata } = await client.get(namespaces, { name: 'kube-system' });
  if (metadata.uid === undefined) throw new Error('namespace kube-system has no uid: set --cluster-name');
  return metadata.uid.replaceAll('-', '').slice(0, 8);
}

function oldest(ages: readonly (number | undefined)[]): number | undefined {
  const known = ages.filter((age) => age !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function readinessOf(monitor: BedrockMonitor): Readiness {
  const ready = monitor.status?.conditions?.find(({ type }) => type === 'Ready');
  return { ready: ready?.status ?? 'Unknown', reason: ready?.reason ?? 'Unknown' };
}

/** An election that is stopped before it is won says so by throwing. */
function ignore(): void {}

function countRequests(metrics: Metrics): (sample: RequestSample) => void {
  return ({ method, host, code, durationMs }) => {
    metrics.add('rest_client_requests_total', { method, host, code });
    metrics.observe('rest_client_request_duration_seconds', { verb: method, host }, durationMs / 1000);
  };
}
