import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { createCloud } from '#src/aws/handlers.ts';
import { listPrices } from '#src/domain/cost.ts';
import { modeOf } from '#src/domain/mode.ts';
import type { News } from '#src/domain/news.ts';
import { isNotFound } from '#src/kubernetes/api-error.ts';
import { keyOf } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import type { Next } from '#src/kubernetes/controller.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { createLeases } from '#src/kubernetes/lease.ts';
import { createClaims } from '#src/operator/claims.ts';
import { monitorPass } from '#src/operator/monitor-pass.ts';
import { monitors } from '#src/operator/monitors.ts';
import { createNeighbours } from '#src/operator/neighbours.ts';
import { priority } from '#src/operator/priority.ts';
import { createRecords } from '#src/operator/records.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import { createAws } from '#src/playground/aws/simulator.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { createMemory } from '#src/reconcile/memory.ts';
import type { Access, Lane, Settings } from '#src/reconcile/ports.ts';
import { installBasics } from './basics.ts';
import type { FakeClock } from './fake-clock.ts';
import { fakeClock } from './fake-clock.ts';
import type { Tap, TappedClient } from './tapped-client.ts';
import { tapClient } from './tapped-client.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/**
 * The product without its event loop: the story of a pass, the real adapters and AWS handlers, on the simulated AWS in
 * fake time and the embedded Kubernetes API over HTTP. Passes run one at a time, as the test says.
 */
export interface World {
  readonly aws: Aws;
  readonly clock: FakeClock;
  readonly client: Client;
  readonly kubernetes: TappedClient;
  readonly news: readonly News[];
  access: Access;
  /** The spec that was applied last. */
  readonly last: BedrockMonitorSpec | undefined;
  /** Creates the monitor, or replaces its spec. */
  apply(name: string, spec: BedrockMonitorSpec, namespace?: string): Promise<BedrockMonitor>;
  annotate(name: string, annotations: Record<string, string>, namespace?: string): Promise<void>;
  remove(name: string, namespace?: string): Promise<void>;
  get(name: string, namespace?: string): Promise<BedrockMonitor | undefined>;
  /** One pass over the monitor as it is now. */
  pass(name: string, namespace?: string, lane?: Lane): Promise<Next>;
  /** Passes until the monitor rests, waits for a person, or is gone; waits are spent in fake time. */
  settle(name: string, namespace?: string): Promise<BedrockMonitor | undefined>;
  /** A new process: what the old one remembered is gone. */
  restart(): void;
  /** Breaks Kubernetes calls. */
  tap: Tap | undefined;
  close(): Promise<void>;
}

const settings: Settings = {
  sliceMs: 20_000,
  deletionDeadlineMs: 600_000,
  maskingGraceMs: 300_000,
  dryRunAll: false,
  hideForeignNames: false,
  features: new Set(),
  prices: listPrices,
  resyncMs: 600_000,
};
/** A pass that asks to be looked at later than this rests. */
const REST_MS = 45_000;
const MOST_PASSES = 60;

export interface WorldOptions {
  readonly api?: KubernetesApi;
  readonly seed?: number;
  readonly settings?: Partial<Settings>;
  /** Another cluster over the same AWS, in the same time. */
  readonly beside?: Pick<World, 'aws' | 'clock'>;
  /** `--cluster-name`; `test` if absent. */
  readonly cluster?: string;
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const chosen: Settings = { ...settings, ...options.settings };
  const cluster = options.cluster ?? 'test';
  const clock = options.beside?.clock ?? fakeClock();
  const aws = options.beside?.aws ?? createAws({ clock, seed: options.seed ?? 1 });
  aws.account(ACCOUNT);
  const api = options.api ?? (await startKubernetesApi({ clock }));
  const plain = connect({ kubeConfig: loadKubeConfig({ text: api.kubeconfig() }) });
  await installBasics(plain);
  const world = {
    access: { ownAccount: true, roleARNs: [], actionARNs: [] } as Access,
    tap: undefined as Tap | undefined,
    last: undefined as BedrockMonitorSpec | undefined,
  };
  const kubernetes = tapClient(plain, () => world.tap);
  const news: News[] = [];
  const others = new Map<string, BedrockMonitor>();
  let reconcile = start();

  function start() {
    const { client } = kubernetes;
    const store = { list: () => [...others.values()] };
    const ownAccountID = () => ACCOUNT;
    const cloud = createCloud({
      clock,
      cluster,
      random: () => 0.5,
      fence() {},
      requestHandler: aws.requestHandler,
      credentials: aws.account(ACCOUNT).credentials(),
    });
    const current = new Map<string, BedrockMonitor>();
    const ports = {
      cluster,
      cloud,
      claims: createClaims(createLeases(client, 'bedrock-monitor-system')),
      neighbours: createNeighbours({
        client,
        store,
        ownAccountID,
        access: () => world.access,
        modeOf: (monitor) => modeOf(monitor, clock.now(), chosen.dryRunAll),
      }),
      records: createRecords(client, () => {}),
      access: () => world.access,
      clock,
      memory: createMemory(clock.monotonic()),
      settings: chosen,
    };
    const run = monitorPass({
      ports,
      store: { get: (key) => current.get(key) },
      events: { record: (_, happening) => void news.push(happening) },
      resyncMs: 600_000,
      random: () => 0.5,
    });
    return { run, current };
  }

  const get = async (name: string, namespace = 'genai') => {
    try {
      return await plain.get(monitors, { namespace, name });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  /** Lets fake time pass while nothing but a timer can make the promise settle. */
  const drive = async <T>(promise: Promise<T>): Promise<T> => {
    const state = { settled: false };
    const watched = promise.finally(() => {
      state.settled = true;
    });
    watched.catch(() => {});
    while (!state.settled) {
      await clock.flush();
      if (!state.settled && kubernetes.inFlight === 0 && clock.untilNext !== undefined)
        await clock.advance(clock.untilNext);
    }
    return watched;
  };

  const pass = async (name: string, namespace = 'genai', lane: Lane = 'Edit'): Promise<Next> => {
    const key = `${namespace}/${name}`;
    const { items } = await plain.list(monitors);
    others.clear();
    for (const one of items) others.set(keyOf(one), one);
    const monitor = others.get(key);
    if (monitor === undefined) reconcile.current.delete(key);
    else reconcile.current.set(key, monitor);
    const signal = new AbortController().signal;
    return drive(reconcile.run(key, { priority: priority[lane], reconcileID: 'test', signal }));
  };

  return {
    aws,
    clock,
    client: plain,
    kubernetes,
    news,
    get access() {
      return world.access;
    },
    set access(access) {
      world.access = access;
    },
    get tap() {
      return world.tap;
    },
    set tap(tap) {
      world.tap = tap;
    },
    get last() {
      return world.last;
    },
    async apply(name, spec, namespace = 'genai') {
      world.last = spec;
      const present = await get(name, namespace);
      const metadata = { namespace, name } as BedrockMonitor['metadata'];
      if (present === undefined) return plain.create(monitors, { apiVersion, kind, metadata, spec });
      return plain.replace(monitors, { ...present, spec });
    },
    async annotate(name, annotations, namespace = 'genai') {
      await plain.patch(monitors, { namespace, name }, { type: 'merge', body: { metadata: { annotations } } });
    },
    async remove(name, namespace = 'genai') {
      await plain.delete(monitors, { namespace, name });
    },
    get,
    pass,
    async settle(name, namespace = 'genai') {
      for (let passes = 0; passes < MOST_PASSES; passes += 1) {
        let next: Next;
        try {
          next = await pass(name, namespace);
        } catch (error) {
          if (!(error instanceof Error) || !/Conflict/.test(error.message)) throw error;
          next = { kind: 'retry', afterMs: 10 };
        }
        if (next.kind === 'rest') return get(name, namespace);
        const waitMs = next.kind === 'retry' ? (next.afterMs ?? 5_000) : next.afterMs;
        if (next.kind === 'recheck' && waitMs > REST_MS) return get(name, namespace);
        await clock.advance(waitMs);
      }
      throw new Error(
        `${namespace}/${name} did not settle in ${MOST_PASSES} passes: ${JSON.stringify((await get(name, namespace))?.status?.conditions)}`,
      );
    },
    restart() {
      reconcile = start();
    },
    async close() {
      await plain.close();
      if (options.api === undefined) await api.close();
    },
  };
}
