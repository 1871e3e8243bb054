import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { spec as schema } from './schema/spec.ts';

let compiled: ValidateFunction | undefined;

/**
 * What is wrong with a stored spec by the schema of this release, a sentence each; empty where it is valid. An older CRD
 * may have let it in (InvalidSpec). The rules (CEL) are the API server's and are not tried here, and a field that the
 * schema does not know is left to whoever plans it (UnsupportedField).
 */
export function specFaults(spec: unknown): readonly string[] {
  compiled ??= compile();
  return compiled(spec) ? [] : (compiled.errors ?? []).map(sentence);
}

function compile(): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: false, formats: { int64: true, 'date-time': isTime } });
  return ajv.compile(schema);
}

/** What `date-time` says beside a pattern: a time on a day of the calendar. JavaScript takes the 30th of February. */
function isTime(text: string): boolean {
  const day = text.slice(0, 10);
  const dayMs = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(text)) && !Number.isNaN(dayMs) && new Date(dayMs).toISOString().startsWith(day);
}

/** `spec.alarms[0].period: must be string`: the path as Kubernetes writes it. */
function sentence({ instancePath, message, params, keyword }: ErrorObject): string {
  const steps = instancePath.split('/').slice(1).map(unescape);
  const path = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  const { allowedValues } = params;
  const allowed = keyword === 'enum' && Array.isArray(allowedValues) ? ` (${allowedValues.join(', ')})` : '';
  return `spec${path}: ${message ?? 'is not valid'}${allowed}`;
}

/** JSON Pointer (RFC 6901) escapes. */
function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
