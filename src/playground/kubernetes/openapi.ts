import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '#src/domain/json.ts';
import type { ResourceType } from './resource-type.ts';
import type { Schema } from './schema/structural-schema.ts';

/** `/openapi/v3`: where each group version's document is. */
export function openApiIndex(types: readonly ResourceType[]): JsonObject {
  const paths = [...new Set(types.map(pathOf))].map((path): [string, Json] => {
    const hash = createHash('sha256')
      .update(JSON.stringify(openApiDocument(types, path)))
      .digest('hex')
      .slice(0, 16);
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
  });
  return { paths: Object.fromEntries(paths) };
}

/** One group version's OpenAPI v3 document, or undefined where nothing is served there. `path` is such as `apis/apps/v1`. */
export function openApiDocument(types: readonly ResourceType[], path: string): JsonObject | undefined {
  const served = types.filter((type) => pathOf(type) === path);
  if (served.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.34.0' },
    paths: Object.fromEntries(served.flatMap(pathItems)),
    components: { schemas: Object.fromEntries(served.flatMap(schemas)) },
  };
}

function pathOf(type: ResourceType): string {
  return type.group === '' ? `api/${type.version}` : `apis/${type.group}/${type.version}`;
}

function gvk(type: ResourceType): JsonObject {
  return { group: type.group, version: type.version, kind: type.kind };
}

/** `io.k8s.api.core.v1.ConfigMap`: only uniqueness and the GVK extension matter to clients. */
function schemaName(type: ResourceType): string {
  const group = type.group === '' ? 'core.api.k8s.io' : type.group;
  return `${group.split('.').reverse().join('.')}.${type.version}.${type.kind}`;
}

/** CRs and built-ins look the same here: a schema per kind and one per list, with metadata spelled out. */
function schemas(type: ResourceType): [string, Json][] {
  const { schema } = type;
  const name = schemaName(type);
  const own: JsonObject = { ...asJson(schema), 'x-kubernetes-group-version-kind': [gvk(type)] };
  const list: JsonObject = {
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      items: { type: 'array', items: { $ref: `#/components/schemas/${name}` } },
    },
    'x-kubernetes-group-version-kind': [{ ...gvk(type), kind: type.listKind }],
  };
  return [
    [name, own],
    [`${name}List`, list],
  ];
}

function asJson(schema: Schema): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(schema));
  return json;
}

function pathItems(type: ResourceType): [string, Json][] {
  const base = type.namespaced
    ? `/${pathOf(type)}/namespaces/{namespace}/${type.plural}`
    : `/${pathOf(type)}/${type.plural}`;
  const write = (action: string): JsonObject => operation(type, action, ['dryRun', 'fieldManager', 'fieldValidation']);
  const item: JsonObject = {
    get: operation(type, 'get', []),
    put: write('put'),
    patch: operation(type, 'patch', ['dryRun', 'fieldManager', 'fieldValidation', 'force']),
    delete: operation(type, 'delete', ['dryRun']),
  };
  const collection = { get: operation(type, 'list', ['limit', 'continue', 'watch']), post: write('post') };
  const paths: [string, Json][] = [
    [base, collection],
    [`${base}/{name}`, item],
  ];
  if (type.statusSubresource) paths.push([`${base}/{name}/status`, item]);
  return paths;
}

/** kubectl looks for `fieldValidation` on PATCH before it dares to ask for `--validate=strict`. */
function operation(type: ResourceType, action: string, parameters: readonly string[]): JsonObject {
  return {
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk(type),
    parameters: parameters.map((name) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })),
    responses: {
      '200': {
        description: 'OK',
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName(type)}` } } },
      },
    },
  };
}
