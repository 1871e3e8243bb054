import { ApiError, isExpired } from './api-error.ts';
import type { ApiResource, KubernetesObject, ObjectName } from './api-resource.ts';
import { pathOf } from './api-resource.ts';
import type { Client, ListOptions, ObjectList, Scope } from './client.ts';
import type { Clock } from './clock.ts';
import { deadline } from './deadline.ts';
import type { Call, Query, Requester } from './requester.ts';
import { noAnswer } from './requester.ts';
import type { WatchEvent } from './watch-stream.ts';
import { MalformedWatch, watchEvents } from './watch-stream.ts';

export type Calls = Omit<Client, 'server' | 'namespace' | 'withTimeout' | 'close'>;

/** The typed calls of a client, over one requester. */
export function createCalls(send: Requester, clock: Clock, timeoutMs: number, fieldManager: string): Calls {
  /** What the server answers is trusted to be of the type asked for. */
  const json = async <T>(call: Call, signal: AbortSignal | undefined): Promise<T> => {
    const limit = deadline(clock, timeoutMs, signal);
    try {
      const response = await send(call, limit);
      try {
        return JSON.parse(await response.body.text());
      } catch (cause) {
        throw noAnswer(call, limit, cause);
      }
    } finally {
      limit.clear();
    }
  };

  const write = <T>(
    method: string,
    resource: ApiResource,
    at: ObjectName,
    rest: { body: unknown; query?: Query; contentType?: string; subresource?: 'status' | undefined },
    signal: AbortSignal | undefined,
  ): Promise<T> => {
    const path =
      method === 'POST' ? pathOf(resource, at.namespace) : pathOf(resource, at.namespace, at.name, rest.subresource);
    const name = nameCall(method, resource, at, rest.subresource);
    const { body, contentType } = rest;
    const query = method === 'DELETE' ? {} : { fieldManager, ...rest.query };
    const call = { method, path, query, body, name, resource: resource.plural };
    return json(contentType === undefined ? call : { ...call, contentType }, signal);
  };

  const list = async <T extends KubernetesObject>(
    resource: ApiResource<T>,
    options: ListOptions,
    pageSize: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ObjectList<T>> => {
    const items: T[] = [];
    let next: string | undefined;
    for (;;) {
      const query = { ...selectors(options), limit: pageSize, continue: next };
      const name = `LIST ${resource.plural}${options.namespace ? ` in ${options.namespace}` : ''}`;
      const path = pathOf(resource, options.namespace);
      const page = await json<Page<T>>({ method: 'GET', path, query, name, resource: resource.plural }, signal);
      for (const item of page.items ?? []) items.push(item);
      next = page.metadata?.continue || undefined;
      if (next === undefined) {
        const resourceVersion = page.metadata?.resourceVersion;
        return { metadata: resourceVersion === undefined ? {} : { resourceVersion }, items };
      }
    }
  };

  return {
    get: (resource, at, signal) =>
      json(
        {
          method: 'GET',
          path: pathOf(resource, at.namespace, at.name),
          name: nameCall('GET', resource, at),
          resource: resource.plural,
        },
        signal,
      ),
    async list(resource, options = {}, signal) {
      try {
        return await list(resource, options, options.pageSize ?? 500, signal);
      } catch (error) {
        // The snapshot behind the continue token was compacted away: in one piece it cannot be.
        if (!isExpired(error)) throw error;
        return await list(resource, options, undefined, signal);
      }
    },
    create: (resource, object, signal) => write('POST', resource, named(object), { body: object }, signal),
    replace: (resource, object, signal) => write('PUT', resource, named(object), { body: object }, signal),
    replaceStatus: (resource, object, signal) =>
      write('PUT', resource, named(object), { body: object, subresource: 'status' }, signal),
    patch: (resource, at, patch, signal) =>
      write(
        'PATCH',
        resource,
        at,
        {
          body: patch.body,
          contentType: patch.type === 'merge' ? 'application/merge-patch+json' : 'application/apply-patch+yaml',
          query: patch.type === 'apply' && patch.force ? { force: true } : {},
          subresource: patch.subresource,
        },
        signal,
      ),
    async delete(resource, at, preconditions, signal) {
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', ...(preconditions && { preconditions }) };
      await write('DELETE', resource, at, { body }, signal);
    },
    async watch(resource, options, signal) {
      const name = `WATCH ${resource.plural}${options.namespace ? ` in ${options.namespace}` : ''}`;
      const query = {
        ...selectors(options),
        watch: true,
        allowWatchBookmarks: true,
        timeoutSeconds: options.timeoutSeconds,
        resourceVersion: options.resourceVersion,
        ...(options.sendInitialEvents && { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }),
      };
      const call = { method: 'GET', path: pathOf(resource, options.namespace), query, name, resource: resource.plural };
      return openWatch(send, clock, call, timeoutMs, options.timeoutSeconds * 1000 + 5000, signal);
    },
    raw: (call, signal) => json({ ...call, name: `${call.method} ${call.path}`, resource: call.path }, signal),
  };
}

interface Page<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[] | null;
}

/** The headers must come within `openMs`, and the whole watch end within `wholeMs`. */
async function openWatch<T extends KubernetesObject>(
  send: Requester,
  clock: Clock,
  call: Call,
  openMs: number,
  wholeMs: number,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<WatchEvent<T>>> {
  const whole = deadline(clock, wholeMs, signal);
  const opening = deadline(clock, openMs, whole.signal);
  try {
    // Aborting `opening` later would end the body too, so its timer must go once the headers are in.
    const { body } = await send(call, opening);
    return read(body);
  } catch (error) {
    whole.clear();
    throw error;
  } finally {
    opening.clear();
  }

  async function* read(body: AsyncIterable<Buffer>): AsyncGenerator<WatchEvent<T>> {
    try {
      yield* watchEvents<T>(call.name, body);
    } catch (error) {
      if (error instanceof MalformedWatch || error instanceof ApiError) throw error;
      throw noAnswer(call, whole, error);
    } finally {
      whole.clear();
    }
  }
}

function selectors({ labelSelector, fieldSelector }: Scope): Query {
  return { labelSelector, fieldSelector };
}

function named(object: KubernetesObject): ObjectName {
  const { namespace, name = object.metadata.generateName ?? '' } = object.metadata;
  return namespace === undefined ? { name } : { namespace, name };
}

function nameCall(method: string, resource: ApiResource, at: ObjectName, subresource?: string): string {
  const what = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  return `${method} ${what} ${at.namespace ? `${at.namespace}/` : ''}${at.name}`;
}
