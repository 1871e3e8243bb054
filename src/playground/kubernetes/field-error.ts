import type { Json } from '#src/domain/json.ts';
import { goJson } from './json-value.ts';

/** One cause of an Invalid answer, as k8s.io/apimachinery `field.Error` has it. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.items[0].name`; `<nil>` where the API server knows no field. */
  readonly field: string;
  /** Absent: the value is not printed (`field.OmitValueType`). */
  readonly value?: Json;
  readonly detail: string;
}

/** Reason of the cause, and the words that begin its message. */
const words = {
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
} as const;
export type FieldErrorType = keyof typeof words;

const withoutValue: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
]);

/** The message of a cause, without its field. */
export function errorBody(error: FieldError): string {
  const shown = error.value === undefined || withoutValue.has(error.type) ? '' : `: ${goValue(error.value)}`;
  return `${words[error.type]}${shown}${error.detail === '' ? '' : `: ${error.detail}`}`;
}

export function errorText(error: FieldError): string {
  return `${error.field}: ${errorBody(error)}`;
}

/** Strings are quoted, numbers and booleans bare, everything else is JSON. */
function goValue(value: Json): string {
  return typeof value === 'string' ? quote(value) : goJson(value);
}

/** Go's `%q`. */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\x7f');
}

export function invalid(field: string, value: Json, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, value, detail };
}

export function required(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, detail };
}

export function duplicate(field: string, value: Json): FieldError {
  return { type: 'FieldValueDuplicate', field, value, detail: '' };
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, detail };
}

export function notSupported(field: string, value: Json, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? '' : `supported values: ${supported.map(quote).join(', ')}`;
  return { type: 'FieldValueNotSupported', field, value, detail };
}

export function tooLong(field: string, limit: number): FieldError {
  return {
    type: 'FieldValueTooLong',
    field,
    detail: `may not be more than ${limit} ${limit === 1 ? 'byte' : 'bytes'}`,
  };
}

export function tooMany(field: string, actual: number, limit: number): FieldError {
  return {
    type: 'FieldValueTooMany',
    field,
    value: actual,
    detail: `must have at most ${limit} ${limit === 1 ? 'item' : 'items'}`,
  };
}

/** `spec` + `name` = `spec.name`; at the root just the name. */
export function child(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
