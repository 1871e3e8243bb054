import type { Json, JsonObject } from '#src/domain/json.ts';
import type { FieldError } from '../field-error.ts';
import { child, invalid, notSupported, quote, required, tooLong, tooMany } from '../field-error.ts';
import { equal, goJson, isList, isObject, own } from '../json-value.ts';
import { satisfiesFormat } from './formats.ts';
import { matchesPattern } from './patterns.ts';
import type { Schema } from './structural-schema.ts';
import { memberSchema } from './structural-schema.ts';

/**
 * The errors of a value against its schema, in the words of k8s.io/kube-openapi. With `old`, what did not change is
 * not judged again (CRD validation ratcheting), so that a stricter schema does not lock stored objects.
 */
export function validateSchema(value: Json, schema: Schema, path: string, old?: Json): FieldError[] {
  const errors = judge(value, schema, path, old);
  return errors.length > 0 && old !== undefined && equal(value, old) ? [] : errors;
}

function judge(value: Json, schema: Schema, path: string, old: Json | undefined): FieldError[] {
  const typeError = wrongType(value, schema, path);
  if (value === null) return [...typeError, ...enumeration(value, schema, path)];
  return [
    ...typeError,
    ...junctors(value, schema, path),
    ...(typeof value === 'string' ? text(value, schema, path) : []),
    ...(typeof value === 'number' ? numeric(value, schema, path) : []),
    ...(isList(value) ? list(value, schema, path, old) : []),
    ...enumeration(value, schema, path),
    ...(isObject(value) ? object(value, schema, path, old) : []),
  ];
}

/** JSON's own name for what a value is. */
function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function wrongType(value: Json, schema: Schema, path: string): FieldError[] {
  const wanted =
    schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  const found = typeOf(value);
  if (wanted.length === 0 || (found === 'null' && schema.nullable === true)) return [];
  if (wanted.some((type) => type === found || (type === 'number' && found === 'integer'))) return [];
  const detail = `${inBody(path)} must be of type ${wanted.join(',')}: ${quote(found)}`;
  return [{ type: 'FieldValueTypeInvalid', field: path, value: found, detail }];
}

function inBody(path: string): string {
  return `${path} in body`;
}

function enumeration(value: Json, schema: Schema, path: string): FieldError[] {
  if (schema.enum === undefined || schema.enum.length === 0 || schema.enum.some((one) => equal(one, value))) return [];
  return [
    notSupported(
      path,
      value,
      schema.enum.map((one) => (typeof one === 'string' ? one : goJson(one))),
    ),
  ];
}

function text(value: string, schema: Schema, path: string): FieldError[] {
  const { length } = Array.from(value);
  const errors: FieldError[] = [];
  if (schema.maxLength !== undefined && length > schema.maxLength) errors.push(tooLong(path, schema.maxLength));
  else if (schema.minLength !== undefined && length < schema.minLength) {
    errors.push(invalid(path, value, `${inBody(path)} should be at least ${schema.minLength} chars long`));
  } else if (schema.pattern !== undefined && !matchesPattern(value, schema.pattern)) {
    errors.push(invalid(path, value, `${inBody(path)} should match '${schema.pattern}'`));
  }
  if (schema.format !== undefined && !satisfiesFormat(value, schema.format)) {
    const detail = `${inBody(path)} must be of type ${schema.format}: ${quote(value)}`;
    errors.push({ type: 'FieldValueTypeInvalid', field: path, value, detail });
  }
  return errors;
}

function numeric(value: number, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  // As k8s.io/kube-openapi does: a value without decimals meets the whole part of a bound.
  const bound = (limit: number | undefined) =>
    limit !== undefined && Number.isInteger(value) ? Math.trunc(limit) : limit;
  const { multipleOf } = schema;
  const maximum = bound(schema.maximum);
  const minimum = bound(schema.minimum);
  if (schema.type === 'integer' && !Number.isInteger(value)) {
    errors.push(invalid('<nil>', '', `Checked value must be of type integer (default format) in ${path}`));
  }
  const fail = (detail: string): number => errors.push(invalid(path, value, `${inBody(path)} should be ${detail}`));
  if (schema.type === 'integer' && schema.format === 'int32' && Math.abs(value + 0.5) > 2 ** 31) {
    errors.push(invalid(path, '', `Checked value must be of type integer with format int32 in ${path}`));
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) fail(`a multiple of ${multipleOf}`);
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    fail(schema.exclusiveMaximum ? `less than ${maximum}` : `less than or equal to ${maximum}`);
  }
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    fail(schema.exclusiveMinimum ? `greater than ${minimum}` : `greater than or equal to ${minimum}`);
  }
  return errors;
}

function list(value: readonly Json[], schema: Schema, path: string, old: Json | undefined): FieldError[] {
  const { items, minItems, maxItems } = schema;
  const errors = items
    ? value.flatMap((item, index) => {
        return validateSchema(item, items, `${path}[${index}]`, correlated(item, schema, old));
      })
    : [];
  if (minItems !== undefined && value.length < minItems) {
    errors.push(invalid(path, value.length, `${inBody(path)} should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems));
  if (schema.uniqueItems && new Set(value.map(goJson)).size < value.length) {
    errors.push(invalid(path, '', `${inBody(path)} shouldn't contain duplicates`));
  }
  return errors;
}

/** The old item that a new one stands for: by key in list maps; other lists have no such order. */
export function correlated(item: Json, schema: Schema, old: Json | undefined): Json | undefined {
  if (!isList(old) || schema['x-kubernetes-list-type'] !== 'map' || !isObject(item)) return undefined;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return old.find((one) => isObject(one) && keys.every((key) => equal(own(one, key), own(item, key))));
}

function object(value: JsonObject, schema: Schema, path: string, old: Json | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const size = Object.keys(value).length;
  if (schema.minProperties !== undefined && size < schema.minProperties) {
    errors.push(invalid(path, size, `${inBody(path)} should have at least ${schema.minProperties} properties`));
  }
  if (schema.maxProperties !== undefined && size > schema.maxProperties) {
    errors.push(tooMany(path, size, schema.maxProperties));
  }
  for (const [key, member] of Object.entries(value)) {
    const known = memberSchema(schema, key);
    const before = isObject(old) ? own(old, key) : undefined;
    if (known !== undefined) errors.push(...validateSchema(member, known, child(path, key), before));
  }
  for (const key of schema.required ?? []) if (!Object.hasOwn(value, key)) errors.push(required(child(path, key)));
  return errors;
}

/** allOf, anyOf, oneOf and not: the sentence, and the errors of the alternative that came closest. */
function junctors(value: Json, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const say = (detail: string): number => errors.push(invalid('<nil>', '', `${quote(path)} ${detail}`));
  const closest = (results: readonly FieldError[][]): readonly FieldError[] => results[0] ?? [];

  const any = (schema.anyOf ?? []).map((one) => judge(value, one, path, undefined));
  if (any.length > 0 && any.every((result) => result.length > 0)) {
    say('must validate at least one schema (anyOf)');
    errors.push(...closest(any));
  }
  const one = (schema.oneOf ?? []).map((alternative) => judge(value, alternative, path, undefined));
  const fitting = one.filter((result) => result.length === 0).length;
  if (one.length > 0 && fitting !== 1) {
    const found = fitting === 0 ? 'Found none valid' : `Found ${fitting} valid alternatives`;
    say(`must validate one and only one schema (oneOf). ${found}`);
    if (fitting === 0) errors.push(...closest(one));
  }
  const all = (schema.allOf ?? []).map((part) => judge(value, part, path, undefined));
  const failed = all.filter((result) => result.length > 0);
  if (failed.length > 0) {
    errors.push(...failed.flat());
    say(`must validate all the schemas (allOf)${failed.length === all.length ? '. None validated' : ''}`);
  }
  if (schema.not !== undefined && judge(value, schema.not, path, undefined).length === 0) {
    say('must not validate the schema (not)');
  }
  return errors;
}
