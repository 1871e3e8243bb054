import type { FieldError } from './field-error.ts';
import { forbidden, notSupported, required } from './field-error.ts';
import type { ApiRequest } from './http.ts';
import { badRequest, invalidObject } from './status-error.ts';
import type { IncludeObject } from './table.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** The parameters of a write, checked. */
export interface WriteParameters {
  /** `fieldManager`, or what the client calls itself. */
  readonly manager: string;
  readonly dryRun: boolean;
  /** What becomes of unknown and repeated fields. Without the parameter a real API server warns. */
  readonly fieldValidation: FieldValidation;
  /** Only of an apply. */
  readonly force: boolean;
}

const optionKinds: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
};

/** Throws 422 for a parameter that is none. `apply` says that the request is a server-side apply. */
export function writeParameters(request: ApiRequest, query: URLSearchParams, apply: boolean): WriteParameters {
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  const errors: FieldError[] = [];
  if (dryRun.some((value) => value !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']));
  if (!isFieldValidation(fieldValidation)) {
    errors.push(notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn']));
  }
  if (apply && !query.get('fieldManager')) errors.push(required('fieldManager', 'is required for apply patch'));
  if (!apply && request.method === 'PATCH' && query.has('force')) {
    errors.push(forbidden('force', 'may not be specified for non-apply patch'));
  }
  if (errors.length > 0 || !isFieldValidation(fieldValidation)) {
    throw invalidObject({ group: 'meta.k8s.io', kind: optionKinds[request.method] ?? 'Options' }, '', errors);
  }
  return {
    manager: query.get('fieldManager') || (request.userAgent ?? '').split('/')[0]?.slice(0, 128) || 'unknown',
    dryRun: dryRun.length > 0,
    fieldValidation,
    force: query.get('force') === 'true',
  };
}

function isFieldValidation(value: string): value is FieldValidation {
  return value === 'Ignore' || value === 'Warn' || value === 'Strict';
}

/** `includeObject` of a Table. Throws 400. */
export function includeParameter(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') || 'Metadata';
  if (value === 'Metadata' || value === 'Object' || value === 'None') return value;
  throw badRequest(`includeObject: Invalid value: "${value}": must be 'Object', 'Metadata' or 'None'`);
}
