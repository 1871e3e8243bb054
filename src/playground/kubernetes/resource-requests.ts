import type { Json, JsonObject } from '#src/domain/json.ts';
import type { Api, Target } from './api.ts';
import { applyObject } from './apply/applying.ts';
import type { Decoded } from './decoding.ts';
import { cannotBeHandled, decode, fieldValidationOf } from './decoding.ts';
import { deleteObject } from './deleting.ts';
import type { FieldError } from './field-error.ts';
import { forbidden, invalid, required } from './field-error.ts';
import type { ApiAnswer, ApiRequest, WatchAnswer } from './http.ts';
import { negotiate } from './http.ts';
import type { KubernetesObject } from './json-value.ts';
import { textOf } from './json-value.ts';
import { listObjects } from './listing.ts';
import { jsonPatch, mergePatch } from './patches.ts';
import { parseBody } from './request-body.ts';
import type { ResourcePath } from './request-path.ts';
import { apiVersionOf } from './resource-type.ts';
import { badRequest, invalidObject, methodNotSupported, noSuchResource, unsupportedMediaType } from './status-error.ts';
import type { IncludeObject } from './table.ts';
import { tableOf, tableOfOne } from './table.ts';
import { openWatch } from './watching.ts';
import type { WriteOptions } from './writing.ts';
import { createObject, readObject, updateObject } from './writing.ts';

/** One request to a resource, while it is handled. */
interface Call {
  readonly api: Api;
  readonly request: ApiRequest;
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly options: WriteOptions;
  readonly warnings: string[];
}

const forever = 30 * 60_000;

export function handleResource(
  api: Api,
  request: ApiRequest,
  path: ResourcePath,
  query: URLSearchParams,
): ApiAnswer | WatchAnswer {
  const call: Call = {
    api,
    request,
    target: targetOf(api, path),
    query,
    options: { manager: managerOf(request, query), dryRun: dryRunOf(query) },
    warnings: [],
  };
  if (request.method === 'GET' && path.name === undefined)
    return query.get('watch') === 'true' || query.get('watch') === '1' ? watch(call) : list(call);
  const [status, body] = answer(call, path);
  return { status, body, warnings: call.warnings };
}

function targetOf(api: Api, path: ResourcePath): Target {
  const type = api.registry.find(path.group, path.version, path.plural);
  if (type === undefined) throw noSuchResource();
  const status = path.subresource === 'status';
  if (path.subresource !== undefined && !(status && type.statusSubresource)) throw noSuchResource();
  if (path.namespace !== undefined && !type.namespaced) throw noSuchResource();
  if (path.namespace === undefined && type.namespaced && path.name !== undefined) throw noSuchResource();
  return { type, namespace: path.namespace ?? '', name: path.name ?? '', status };
}

function answer(call: Call, path: ResourcePath): [number, JsonObject] {
  const { api, request, target } = call;
  const collection = path.name === undefined;
  switch (request.method) {
    case 'GET':
      return [200, one(call, readObject(api, target))];
    case 'POST':
      if (!collection) throw methodNotSupported(target.type, 'create');
      if (target.type.namespaced && target.namespace === '') throw methodNotSupported(target.type, 'create');
      return [201, one(call, createObject(api, target, body(call), call.options))];
    case 'PUT':
      if (collection) throw methodNotSupported(target.type, 'update');
      return [200, one(call, replace(call))];
    case 'PATCH':
      if (collection) throw methodNotSupported(target.type, 'patch');
      return patch(call);
    case 'DELETE':
      return [200, collection ? removeAll(call) : remove(call)];
    default:
      throw methodNotSupported(target.type, request.method.toLowerCase());
  }
}

/** `fieldManager`, or what the client calls itself. */
function managerOf(request: ApiRequest, query: URLSearchParams): string {
  const manager = query.get('fieldManager') || (request.userAgent ?? '').split('/')[0]?.slice(0, 128);
  return manager === undefined || manager === '' ? 'unknown' : manager;
}

function dryRunOf(query: URLSearchParams): boolean {
  const values = query.getAll('dryRun').filter((value) => value !== '');
  if (values.some((value) => value !== 'All')) {
    throw badRequest(`dryRun: Unsupported value: ${JSON.stringify(values)}: supported values: "All"`);
  }
  return values.length > 0;
}

function includeOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  if (value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'Object' || value === 'None') return value;
  throw badRequest(`includeObject: Invalid value: "${value}": must be 'Object', 'Metadata' or 'None'`);
}

function one({ api, request, target, query }: Call, object: KubernetesObject): JsonObject {
  return negotiate(request.accept).table ? tableOfOne(target.type, object, includeOf(query), api.now()) : object;
}

function list({ api, request, target, query }: Call): ApiAnswer {
  const format = negotiate(request.accept);
  const { items, metadata } = listObjects(api, target, query);
  const { type } = target;
  const body = format.table
    ? tableOf(type, items, metadata, includeOf(query), api.now())
    : { kind: type.listKind, apiVersion: apiVersionOf(type), metadata, items };
  return { status: 200, body, warnings: [] };
}

function watch({ api, request, target, query }: Call): WatchAnswer {
  const format = negotiate(request.accept);
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  const include = includeOf(query);
  return {
    watch: openWatch(api, target, query),
    timeoutMs: seconds > 0 ? seconds * 1000 : forever,
    encode: (event) =>
      format.table && event.type !== 'ERROR'
        ? { type: event.type, object: tableOfOne(target.type, event.object as KubernetesObject, include, api.now()) }
        : { type: event.type, object: event.object },
  };
}

/** The object of a POST or PUT. Throws 400 and 415. */
function body(call: Call): KubernetesObject {
  const { request, target } = call;
  const contentType = (request.contentType ?? 'application/json').split(';')[0]?.trim() ?? '';
  if (!['application/json', 'application/yaml', ''].includes(contentType))
    throw unsupportedMediaType(['application/json']);
  const { value, duplicates } = parseBody(request.body ?? '', contentType);
  const decoded = decode(value, target.type, duplicates);
  judgeStrictly(call, decoded, (problem) => cannotBeHandled(target.type, decoded.object.kind, problem));
  return decoded.object;
}

/** Refuses, warns of or ignores what was dropped, as `fieldValidation` says. */
function judgeStrictly(call: Call, { strictErrors }: Decoded, refused: (problem: string) => Error): void {
  const mode = fieldValidationOf(call.query.get('fieldValidation'));
  if (strictErrors.length === 0 || mode === 'Ignore') return;
  if (mode === 'Strict') throw refused(`strict decoding error: ${strictErrors.join(', ')}`);
  call.warnings.push(...strictErrors);
}

function replace(call: Call): KubernetesObject {
  const { target } = call;
  const object = body(call);
  const name = textOf(object.metadata['name']);
  if (name !== target.name) {
    throw badRequest(
      name === ''
        ? 'name must be provided'
        : `the name of the object (${name}) does not match the name on the URL (${target.name})`,
    );
  }
  return updateObject(call.api, target, call.options, () => object);
}

const jsonPatchType = 'application/json-patch+json';
const mergePatchType = 'application/merge-patch+json';
const strategicType = 'application/strategic-merge-patch+json';
const applyType = 'application/apply-patch+yaml';

function patch(call: Call): [number, JsonObject] {
  const { api, request, target, query, options } = call;
  const contentType = (request.contentType ?? '').split(';')[0]?.trim() ?? '';
  const accepted = [jsonPatchType, mergePatchType, ...(target.type.custom ? [] : [strategicType]), applyType];
  if (!accepted.includes(contentType)) throw unsupportedMediaType(accepted);
  const { value, duplicates } = parseBody(request.body ?? '', contentType);
  if (contentType === applyType) return apply(call, value, duplicates);
  if (query.get('force') !== null) throw patchOptions(forbidden('force', 'may not be specified for non-apply patch'));
  const patched = updateObject(api, target, options, (current) => {
    const result = contentType === jsonPatchType ? jsonPatch(current, value) : mergePatch(current, value);
    return decodePatched(call, result, duplicates);
  });
  return [200, one(call, patched)];
}

function apply({ api, target, query, options, ...call }: Call, value: Json, duplicates: readonly string[]): [number, JsonObject] {
  if (!query.get('fieldManager')) throw patchOptions(required('fieldManager', 'is required for apply patch'));
  const strictErrors = duplicates.map((path) => `duplicate field "${path}"`);
  const mode = fieldValidationOf(query.get('fieldValidation'));
  if (strictErrors.length > 0 && mode === 'Strict') throw badRequest(`error strict decoding YAML: ${strictErrors.join(', ')}`);
  if (mode === 'Warn') call.warnings.push(...strictErrors);
  const subresource = target.status ? 'status' : '';
  const applied = applyObject(api, target, value, { ...options, subresource, force: query.get('force') === 'true' });
  return [applied.created ? 201 : 200, one({ api, target, query, options, ...call }, applied.object)];
}

function patchOptions(error: FieldError): Error {
  return invalidObject({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [error]);
}

function decodePatched(call: Call, result: Json, duplicates: readonly string[]): KubernetesObject {
  const decoded = decode(result, call.target.type, duplicates);
  judgeStrictly(call, decoded, (problem) => {
    return invalidObject({ group: '', kind: '' }, '', [invalid('patch', JSON.stringify(result), problem)]);
  });
  return decoded.object;
}

function remove(call: Call): JsonObject {
  const { api, request, target, options } = call;
  const { type, name } = target;
  const text = request.body ?? '';
  const wanted = text === '' ? undefined : parseBody(text, 'application/json').value;
  const deleted = deleteObject(api, target, wanted, options.dryRun);
  if (!deleted.gone) return deleted.object;
  const { uid = '' } = deleted.object.metadata;
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

function removeAll({ api, target, query, options }: Call): JsonObject {
  const { type } = target;
  const { items, metadata } = listObjects(api, target, query);
  for (const item of items) {
    const each = { ...target, namespace: textOf(item.metadata['namespace']), name: textOf(item.metadata['name']) };
    deleteObject(api, each, undefined, options.dryRun);
  }
  return { kind: type.listKind, apiVersion: apiVersionOf(type), metadata, items };
}
