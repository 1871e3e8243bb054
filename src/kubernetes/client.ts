import type { ApiResource, KubernetesObject, ObjectName } from './api-resource.ts';
import { createCalls } from './calls.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { credentialSource } from './credentials.ts';
import type { KubeConfig } from './kube-config.ts';
import type { Query, RequestSample } from './requester.ts';
import { createRequester } from './requester.ts';
import { createTransport } from './transport.ts';
import type { WatchEvent } from './watch-stream.ts';

/** Which objects of a type. */
export interface Scope {
  /** Absent: of all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends Scope {
  /** Objects a page; default 500, as client-go. All pages are read in any case. */
  readonly pageSize?: number;
}

export interface WatchOptions extends Scope {
  readonly resourceVersion?: string;
  /** Starts with the present state and a bookmark annotated `k8s.io/initial-events-end` (WatchList). */
  readonly sendInitialEvents?: boolean;
  /** The server ends the watch after this long; five seconds later the client takes the server for dead. */
  readonly timeoutSeconds: number;
}

export interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion?: string };
  readonly items: readonly T[];
}

export type Patch =
  | { readonly type: 'merge'; readonly body: object; readonly subresource?: 'status' }
  | { readonly type: 'apply'; readonly body: object; readonly force?: boolean; readonly subresource?: 'status' };

interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

interface RawCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the server's root: `/version`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly contentType?: string;
}

/**
 * The Kubernetes API over one pooled transport. Every call ends by its deadline or its signal. Failures are
 * `ApiError`; an abort by the caller throws the signal's reason.
 */
export interface Client {
  /** The server's URL, for messages. */
  readonly server: string;
  /** The namespace of the context, or of the pod's service account. */
  readonly namespace: string | undefined;
  get<T extends KubernetesObject>(resource: ApiResource<T>, at: ObjectName, signal?: AbortSignal): Promise<T>;
  /** A consistent read of everything in scope, page by page. */
  list<T extends KubernetesObject>(
    resource: ApiResource<T>,
    options?: ListOptions,
    signal?: AbortSignal,
  ): Promise<ObjectList<T>>;
  create<T extends KubernetesObject>(resource: ApiResource<T>, object: T, signal?: AbortSignal): Promise<T>;
  /** PUT: guarded by metadata.resourceVersion and metadata.uid where the object carries them. */
  replace<T extends KubernetesObject>(resource: ApiResource<T>, object: T, signal?: AbortSignal): Promise<T>;
  replaceStatus<T extends KubernetesObject>(resource: ApiResource<T>, object: T, signal?: AbortSignal): Promise<T>;
  patch<T extends KubernetesObject>(
    resource: ApiResource<T>,
    at: ObjectName,
    patch: Patch,
    signal?: AbortSignal,
  ): Promise<T>;
  /** Absent throws NotFound; a precondition that does not hold throws Conflict. */
  delete(resource: ApiResource, at: ObjectName, preconditions?: Preconditions, signal?: AbortSignal): Promise<void>;
  /** Resolves once the server has accepted the watch. The iteration ends when the server ends it, and throws else. */
  watch<T extends KubernetesObject>(
    resource: ApiResource<T>,
    options: WatchOptions,
    signal?: AbortSignal,
  ): Promise<AsyncIterable<WatchEvent<T>>>;
  /** What has no resource: `/version`, discovery. */
  raw(call: RawCall, signal?: AbortSignal): Promise<unknown>;
  /** The same client with another deadline for each call. */
  withTimeout(timeoutMs: number): Client;
  /** Ends every call and watch under way. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly kubeConfig: KubeConfig;
  readonly clock?: Clock;
  /** Deadline of each call but the body of a watch; default 30 s. */
  readonly timeoutMs?: number;
  /** Default `bedrock-monitor`; also the name that managedFields shows. */
  readonly fieldManager?: string;
  /** Called once for every attempt, when its headers are in. */
  readonly onRequest?: (sample: RequestSample) => void;
}

/** Connects lazily: no call is made until one is asked for. Throws where the kubeconfig names no cluster. */
export function connect(options: ConnectOptions): Client {
  const { kubeConfig, clock = systemClock, timeoutMs = 30_000, fieldManager = 'bedrock-monitor' } = options;
  const cluster = kubeConfig.getCurrentCluster();
  if (!cluster) throw new Error('kubeconfig: no current context with a cluster');
  const transport = createTransport(cluster.proxyUrl === undefined ? {} : { proxyURL: cluster.proxyUrl });
  const send = createRequester({
    server: cluster.server,
    transport,
    credentials: credentialSource(kubeConfig, clock),
    clock,
    userAgent: `${fieldManager} (node ${process.version})`,
    ...(options.onRequest && { onRequest: options.onRequest }),
  });
  const namespace = kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace?.trim();
  const base = { server: cluster.server, namespace: namespace || undefined, close: () => transport.close() };

  const build = (timeoutMs: number): Client => ({
    ...base,
    ...createCalls(send, clock, timeoutMs, fieldManager),
    withTimeout: build,
  });
  return build(timeoutMs);
}
