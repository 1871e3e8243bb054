import type { Json, JsonObject } from '#src/domain/json.ts';
import { child } from './field-error.ts';
import type { KubernetesObject } from './json-value.ts';
import { isList, isObject, textOf } from './json-value.ts';
import { objectMetaProblem } from './object-meta.ts';
import type { ResourceType } from './resource-type.ts';
import { apiVersionOf } from './resource-type.ts';
import { applyDefaults } from './schema/defaulting.ts';
import { isDateTime } from './schema/formats.ts';
import { prune } from './schema/pruning.ts';
import type { Schema } from './schema/structural-schema.ts';
import { memberSchema } from './schema/structural-schema.ts';
import { badRequest, unrecognized } from './status-error.ts';

export interface Decoded {
  readonly object: KubernetesObject;
  /** `unknown field "…"`, `duplicate field "…"`: refused, warned of or dropped silently, as `fieldValidation` says. */
  readonly strictErrors: readonly string[];
}

/** Reads a JSON value as an object of the resource: pruned and with defaults. Throws 400 where it is none. */
export function decode(value: Json, type: ResourceType, duplicates: readonly string[] = []): Decoded {
  if (!isObject(value))
    throw unrecognized(type.kind, "couldn't get version/kind; json parse error: no JSON object", JSON.stringify(value));
  if (type.custom && textOf(value['kind']) === '') {
    const text = JSON.stringify(value);
    throw unrecognized(type.kind, `Object 'Kind' is missing in '${text}'`, text);
  }
  const filled: JsonObject = { ...value, apiVersion: value['apiVersion'] ?? '', kind: value['kind'] ?? '' };
  const version = textOf(filled['apiVersion']) || apiVersionOf(type);
  const kind = textOf(filled['kind']) || type.kind;
  if (version !== apiVersionOf(type)) {
    const expected = apiVersionOf(type);
    throw badRequest(`the API version in the data (${version}) does not match the expected API version (${expected})`);
  }
  const problem = objectMetaProblem(value['metadata']) ?? (type.custom ? undefined : structProblem(value, type));
  if (problem !== undefined) throw cannotBeHandled(type, kind, problem);
  const { object, unknown } = prune(filled, type.schema);
  const strictErrors = [
    ...duplicates.map((path) => `duplicate field "${path}"`),
    ...unknown.map((path) => `unknown field "${path}"`),
  ];
  const whole = applyDefaults(object, type.schema);
  const metadata = isObject(whole['metadata']) ? whole['metadata'] : {};
  return { object: { ...whole, apiVersion: version, kind, metadata }, strictErrors };
}

/** The 400 of a body that does not decode, or that Strict refuses. */
export function cannotBeHandled(type: ResourceType, kind: string, why: string): Error {
  return badRequest(`${kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${why}`);
}

/** Built-in types are Go structs: a value of the wrong type is a decoding error, not a validation error. */
function structProblem(value: JsonObject, type: ResourceType): string | undefined {
  return problemOf(value, type.schema, '', type.kind);
}

function problemOf(value: Json, schema: Schema | undefined, path: string, kind: string): string | undefined {
  if (schema === undefined || value === null || schema['x-kubernetes-preserve-unknown-fields']) return undefined;
  if (isWrong(value, schema)) {
    const found = isList(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return `json: cannot unmarshal ${found} into Go struct field ${kind}.${path} of type ${goType(schema)}`;
  }
  if (typeof value === 'string') return textProblem(value, schema);
  const members: [string, Json, Schema | undefined][] = isList(value)
    ? value.map((item) => [path, item, schema.items])
    : isObject(value)
      ? Object.entries(value).map(([key, member]) => {
          // Go names the struct field, not the key of a map in it.
          const named = Object.hasOwn(schema.properties ?? {}, key);
          return [named ? child(path, key) : path, member, memberSchema(schema, key)];
        })
      : [];
  for (const [where, member, known] of members) {
    const problem = problemOf(member, known, where, kind);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isWrong(value: Json, schema: Schema): boolean {
  switch (schema.type) {
    case 'object':
      return !isObject(value);
    case 'array':
      return !isList(value);
    case 'integer':
      return !Number.isInteger(value);
    case undefined:
      return false;
    default:
      return typeof value !== schema.type;
  }
}

function goType(schema: Schema): string {
  switch (schema.type) {
    case 'integer':
      return schema.format ?? 'int64';
    case 'boolean':
      return 'bool';
    case 'array':
      return '[]string';
    case 'object':
      return 'map[string]string';
    default:
      return 'string';
  }
}

const microTimeLayout = '2006-01-02T15:04:05.000000Z07:00';
const timeLayout = '2006-01-02T15:04:05Z07:00';

/** Times are parsed while decoding; a MicroTime needs exactly six fractional digits (metav1.MicroTime). */
function textProblem(value: string, schema: Schema): string | undefined {
  if (schema.format === 'byte' && !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) {
    return `illegal base64 data at input byte ${value.search(/[^A-Za-z0-9+/]|$/)}`;
  }
  if (schema.format === 'date-time' && !isDateTime(value)) {
    return `parsing time ${JSON.stringify(value)} as ${JSON.stringify(timeLayout)}: cannot parse ${JSON.stringify(value)} as "2006"`;
  }
  if (schema.format !== 'micro-time') return undefined;
  const parts = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?<rest>(?:\.(?<digits>\d+))?(?:Z|[+-]\d{2}:\d{2}))$/.exec(
    value,
  )?.groups;
  if (parts !== undefined && parts['digits']?.length === 6) return undefined;
  const [rest, wanted] = parts === undefined ? [value, '2006'] : [parts['rest'] ?? '', '.000000'];
  return `parsing time ${JSON.stringify(value)} as ${JSON.stringify(microTimeLayout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(wanted)}`;
}
