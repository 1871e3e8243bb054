import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { group } from '#src/api/v1alpha1.ts';
import { modeOf } from '#src/domain/mode.ts';
import type { Outcome } from '#src/domain/outcome.ts';
import type { Client } from '#src/kubernetes/client.ts';
import type { Clock } from '#src/kubernetes/clock.ts';
import type { Controller } from '#src/kubernetes/controller.ts';
import { createController } from '#src/kubernetes/controller.ts';
import { createEventRecorder } from '#src/kubernetes/events.ts';
import type { Lease } from '#src/kubernetes/lease.ts';
import { createLeases, leaseResource } from '#src/kubernetes/lease.ts';
import type { Metrics } from '#src/kubernetes/metrics.ts';
import { withoutBookkeeping } from '#src/kubernetes/projection.ts';
import type { Reflector } from '#src/kubernetes/reflector.ts';
import { createReflector } from '#src/kubernetes/reflector.ts';
import { createStore } from '#src/kubernetes/store.ts';
import { createWorkQueue } from '#src/kubernetes/work-queue.ts';
import { createMemory } from '#src/reconcile/memory.ts';
import type { Cloud, Identity, Settings } from '#src/reconcile/ports.ts';
import type { ConfigMap } from './access-watch.ts';
import { configMaps, createAccessWatch } from './access-watch.ts';
import { createClaims } from './claims.ts';
import type { MonitorCache } from './monitor-cache.ts';
import { createMonitorCache } from './monitor-cache.ts';
import { monitorPass } from './monitor-pass.ts';
import { monitors } from './monitors.ts';
import { createNeighbours } from './neighbours.ts';
import { createRecords } from './records.ts';
import { createWake } from './wake.ts';

export interface OperatorOptions {
  readonly client: Client;
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly random?: () => number;
  readonly cluster: string;
  /** The operator's own, with the credentials list in it. */
  readonly namespace: string;
  readonly claimNamespace: string;
  readonly credentialsConfigMap: string;
  /** Empty: all. */
  readonly watchNamespaces: readonly string[];
  readonly workers: number;
  readonly resyncMs: number;
  readonly settings: Settings;
  /** Which process, for Events. */
  readonly instance: string;
  readonly metrics?: Metrics;
  readonly report: Report;
}

/** What the operator tells its operator: log lines and counts are made of it. */
export interface Report {
  outcome(key: string, outcome: Outcome, reconcileID: string): void;
  /** A pass threw: a conflicting write, the API server away, or a bug. */
  passFailed(error: unknown, key: string, reconcileID: string): void;
  problem(what: string, error: unknown): void;
}

export interface Operator {
  /** Fills the caches and goes on filling them; a standby does only this. */
  watch(): Promise<void>;
  /** Begins passes: only after `watch`, and only while leading. */
  work(): void;
  /** Lets passes finish for at most so long; then stops the caches, and writes the last Events. */
  stop(graceMs: number): Promise<void>;
  readonly store: Pick<MonitorCache, 'list' | 'size'>;
  readonly controller: Pick<Controller, 'stats' | 'measure'>;
  readonly reflectors: readonly Pick<Reflector, 'hasSynced' | 'lastEventAgeMs'>[];
  /** Looks at everything again now. */
  resync(): void;
}

const controllerName = 'bedrockmonitor';

/** Composes the runtime and the story of a pass into one controller over BedrockMonitors. */
export function createOperator(options: OperatorOptions): Operator {
  const { client, clock, random = Math.random, report, metrics } = options;
  const { cloud, ownAccountID } = rememberOwnAccount(options.cloud);
  const onHandlerError = (error: unknown) => report.problem('a change was not handled', error);
  const common = { client, clock, random, project: withoutBookkeeping } as const;
  const onProblem = (what: string) => (error: unknown) =>
    report.problem(`watching ${what} failed and is tried again`, error);
  const store = createMonitorCache(
    options.watchNamespaces,
    { ...common, resource: monitors, onProblem: onProblem('BedrockMonitors') },
    onHandlerError,
  );
  const leases = createStore<Lease>({ onHandlerError });
  const lists = createStore<ConfigMap>({ onHandlerError });
  const queue = createWorkQueue({ name: controllerName, clock, random, ...(metrics && { metrics }) });
  const modeNow = (monitor: BedrockMonitor) => modeOf(monitor, clock.now(), options.settings.dryRunAll);
  const wake = createWake({ queue, store, ownAccountID, modeOf: modeNow });
  const access = createAccessWatch(wake.onAccessList, (error) =>
    report.problem('the credentials list was not understood', error),
  );
  store.subscribe(wake.onMonitor);
  leases.subscribe(wake.onLease);
  lists.subscribe(access.onConfigMap);
  const reflectors = [
    createReflector<Lease, Lease>({
      ...common,
      resource: leaseResource,
      scope: { namespace: options.claimNamespace },
      store: leases,
      onProblem: onProblem('Leases'),
    }),
    createReflector<ConfigMap, ConfigMap>({
      ...common,
      resource: configMaps,
      scope: { namespace: options.namespace, fieldSelector: `metadata.name=${options.credentialsConfigMap}` },
      store: lists,
      onProblem: onProblem('the credentials list'),
    }),
    ...store.reflectors,
  ];

  const records = createRecords(client, (monitor) => store.wrote(monitor));
  const events = createEventRecorder({
    client,
    clock,
    controller: `${group}/operator`,
    instance: options.instance,
    onDropped: (error) => report.problem('an Event was not written', error),
  });
  const ports = {
    cluster: options.cluster,
    cloud,
    claims: createClaims(createLeases(client, options.claimNamespace)),
    neighbours: createNeighbours({
      client,
      store,
      ownAccountID,
      access: (namespace) => access.current(namespace),
      modeOf: modeNow,
    }),
    records,
    access: (namespace: string) => access.current(namespace),
    clock,
    memory: createMemory(clock.monotonic()),
    settings: options.settings,
  };
  const controller = createController({
    name: controllerName,
    queue,
    clock,
    workers: options.workers,
    isCurrent: (key) => store.isCurrent(key),
    reconcile: monitorPass({ ports, store, events, resyncMs: options.resyncMs, random, onOutcome: report.outcome }),
    onError: report.passFailed,
    ...(metrics && { metrics }),
  });

  return {
    async watch() {
      for (const reflector of reflectors) reflector.start();
      await Promise.all(reflectors.map((reflector) => reflector.synced()));
    },
    work: () => controller.start(),
    async stop(graceMs) {
      await controller.stop(graceMs);
      await Promise.all(reflectors.map((reflector) => reflector.stop()));
      await events.stop(2_000);
    },
    store,
    controller,
    reflectors,
    resync: wake.onAccessList,
  };
}

/** Who competes for a claim is told by the account, and a monitor without a role acts in the operator's own. */
function rememberOwnAccount(cloud: Cloud): { readonly cloud: Cloud; readonly ownAccountID: () => string | undefined } {
  let own: Identity | undefined;
  return {
    ownAccountID: () => own?.accountID,
    cloud: {
      async identity(target, signal) {
        own ??= await cloud.identity({ region: target.region }, signal);
        return target.roleARN === undefined ? own : cloud.identity(target, signal);
      },
      handlers: (...args) => cloud.handlers(...args),
      preflight: (...args) => cloud.preflight(...args),
      traffic: (...args) => cloud.traffic(...args),
    },
  };
}
