import type { JsonObject } from '#src/domain/json.ts';
import type { Api, Target } from './api.ts';
import { deleteObject } from './deleting.ts';
import type { ApiAnswer, ApiRequest, WatchAnswer } from './http.ts';
import { negotiate } from './http.ts';
import type { KubernetesObject } from './json-value.ts';
import { objectOf, textOf, without } from './json-value.ts';
import { listObjects } from './listing.ts';
import { parseBody } from './request-body.ts';
import { includeParameter, writeParameters } from './request-options.ts';
import type { ResourcePath } from './request-path.ts';
import { apiVersionOf } from './resource-type.ts';
import { methodNotSupported, NotServed, notFound } from './status-error.ts';
import { tableOf, tableOfOne } from './table.ts';
import { openWatch } from './watching.ts';
import { readBody, writePatch } from './write-requests.ts';
import { createObject, exists, readObject, updateObject } from './writing.ts';

/** One request to a resource, while it is handled. */
export interface Call {
  readonly api: Api;
  readonly request: ApiRequest;
  readonly target: Target;
  readonly query: URLSearchParams;
  /** Grows: what the client is warned of. */
  readonly warnings: string[];
}

const foreverMs = 30 * 60_000;

/** Answers a request under /api or /apis. Throws NotServed and StatusError. */
export function handleResource(
  api: Api,
  request: ApiRequest,
  path: ResourcePath,
  query: URLSearchParams,
): ApiAnswer | WatchAnswer {
  const call: Call = { api, request, target: targetOf(api, path), query, warnings: [] };
  if (request.method === 'GET' && path.name === undefined) {
    return query.get('watch') === 'true' || query.get('watch') === '1' ? watch(call) : list(call);
  }
  const [status, body] = path.name === undefined ? answerCollection(call) : answerObject(call);
  return { status, body, warnings: call.warnings };
}

function targetOf(api: Api, path: ResourcePath): Target {
  const type = api.registry.find(path.group, path.version, path.plural);
  if (type === undefined) throw new NotServed();
  const status = path.subresource === 'status';
  if (path.subresource !== undefined && !(status && type.statusSubresource)) throw notFound(type, path.name ?? '');
  if (path.namespace !== undefined && !type.namespaced) throw new NotServed();
  if (path.namespace === undefined && type.namespaced && path.name !== undefined) throw new NotServed();
  return { type, namespace: path.namespace ?? '', name: path.name ?? '', status };
}

function answerCollection(call: Call): [number, JsonObject] {
  const { api, request, target, query, warnings } = call;
  if (request.method === 'DELETE') return [200, removeAll(call)];
  if (request.method !== 'POST' || (target.type.namespaced && target.namespace === '')) {
    throw methodNotSupported(target.type, request.method.toLowerCase());
  }
  const options = { ...writeParameters(request, query, false), warnings };
  return [201, shown(call, createObject(api, target, readBody(call, options.fieldValidation), options))];
}

function answerObject(call: Call): [number, JsonObject] {
  const { api, request, target, query, warnings } = call;
  switch (request.method) {
    case 'GET':
      return [200, shown(call, readObject(api, target))];
    case 'PUT': {
      const options = { ...writeParameters(request, query, false), warnings };
      const wanted = readBody(call, options.fieldValidation);
      if (target.type.createOnUpdate && !exists(api, target)) {
        return [201, shown(call, createObject(api, target, wanted, options))];
      }
      const replaced = updateObject(api, target, { ...options, replace: true }, () => wanted);
      return [200, shown(call, replaced)];
    }
    case 'PATCH': {
      const { object, created } = writePatch(call);
      return [created ? 201 : 200, shown(call, object)];
    }
    case 'DELETE':
      return [200, remove(call)];
    default:
      throw methodNotSupported(target.type, request.method.toLowerCase());
  }
}

function shown({ api, request, target, query }: Call, object: KubernetesObject): JsonObject {
  return negotiate(request.accept).table ? tableOfOne(target.type, object, includeParameter(query), api.now()) : object;
}

function list({ api, request, target, query }: Call): ApiAnswer {
  const format = negotiate(request.accept);
  const { items, metadata } = listObjects(api, target, query);
  const { type } = target;
  const body = format.table
    ? tableOf(type, items, metadata, includeParameter(query), api.now())
    : listOfObjects(target, items, metadata);
  return { status: 200, body, warnings: [] };
}

/** Items of built-in lists do not repeat what they are: a Go list is typed. Those of custom resources do. */
function listOfObjects({ type }: Target, objects: readonly KubernetesObject[], metadata: JsonObject): JsonObject {
  const items = type.custom ? objects : objects.map((object) => without(object, 'apiVersion', 'kind'));
  return { kind: type.listKind, apiVersion: apiVersionOf(type), metadata, items };
}

function watch({ api, request, target, query }: Call): WatchAnswer {
  const format = negotiate(request.accept);
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  const include = includeParameter(query);
  const { type } = target;
  return {
    watch: openWatch(api, target, query),
    timeoutMs: seconds > 0 ? seconds * 1000 : foreverMs,
    encode: (event) => {
      if (!format.table || event.type === 'ERROR') return { type: event.type, object: event.object };
      const metadata = objectOf(event.object['metadata']);
      const object = { ...event.object, apiVersion: apiVersionOf(type), kind: type.kind, metadata };
      return { type: event.type, object: tableOfOne(type, object, include, api.now()) };
    },
  };
}

function remove({ api, request, target, query }: Call): JsonObject {
  const { type, name } = target;
  const text = request.body ?? '';
  const options = text === '' ? undefined : parseBody(text, 'application/json', 'DeleteOptions').value;
  const deleted = deleteObject(api, target, options, writeParameters(request, query, false).dryRun);
  if (!deleted.gone) return deleted.object;
  const { uid = '' } = deleted.object.metadata;
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

function removeAll({ api, request, target, query }: Call): JsonObject {
  const { dryRun } = writeParameters(request, query, false);
  const { items, metadata } = listObjects(api, target, query);
  for (const item of items) {
    const each = { ...target, namespace: textOf(item.metadata['namespace']), name: textOf(item.metadata['name']) };
    deleteObject(api, each, undefined, dryRun);
  }
  return listOfObjects(target, items, metadata);
}
