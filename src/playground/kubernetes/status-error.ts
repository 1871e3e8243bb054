import type { Json, JsonObject } from '#src/domain/json.ts';
import type { FieldError } from './field-error.ts';
import { errorBody, errorText } from './field-error.ts';

/** Which resource an error speaks of. */
export interface Named {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** An answer that is a `Status` of kind Failure, with the API server's own code, reason and words. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: number;
  readonly reason: string;
  readonly details: JsonObject | undefined;

  constructor(code: number, reason: string, message: string, details?: JsonObject) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The body of the answer. */
  get status(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

function qualified({ group, plural }: Named): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function details(type: Named, name: string, more: JsonObject = {}): JsonObject {
  return {
    ...(name === '' ? {} : { name }),
    ...(type.group === '' ? {} : { group: type.group }),
    kind: type.plural,
    ...more,
  };
}

export function notFound(type: Named, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualified(type)} "${name}" not found`, details(type, name));
}

/** A path that nothing answers: 404 in plain text, which client-go words itself. */
export class NotServed extends Error {
  override readonly name = 'NotServed';
}

export function alreadyExists(type: Named, name: string, terminating = false): StatusError {
  const message = `${terminating ? 'object is being deleted: ' : ''}${qualified(type)} "${name}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, details(type, name));
}

/** A stale resourceVersion or a failed precondition. */
export function conflict(type: Named, name: string, why?: string): StatusError {
  const reason = why ?? 'the object has been modified; please apply your changes to the latest version and try again';
  const message = `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${reason}`;
  return new StatusError(409, 'Conflict', message, details(type, name));
}

/** Apply conflicts: one cause per field that another manager owns. */
export function applyConflict(message: string, causes: readonly JsonObject[]): StatusError {
  return new StatusError(409, 'Conflict', message, { causes });
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

/** A body that is no object at all. */
export function unrecognized(kind: string, why: string, body: string): StatusError {
  const shown = body.length > 36 ? `${body.slice(0, 36)} ...` : body;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${shown})`);
}

export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

export function methodNotSupported(type: Named, verb: string): StatusError {
  const message = `${verb} is not supported on resources of kind "${qualified(type)}"`;
  return new StatusError(405, 'MethodNotAllowed', message, details(type, ''));
}

export function unsupportedMediaType(supported: readonly string[], hint = ''): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${supported.join(', ')}${hint}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}

export function notAcceptable(supported: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${supported.join(', ')}`;
  return new StatusError(406, 'NotAcceptable', message);
}

export function tooLargeResourceVersion(requested: number, current: number): StatusError {
  const message = `Too large resource version: ${requested}, current: ${current}`;
  return new StatusError(504, 'Timeout', `Timeout: ${message}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export function namespaceTerminating(type: Named, name: string, namespace: string): StatusError {
  const message = `${qualified(type)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`;
  const causes: Json = [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ];
  return new StatusError(403, 'Forbidden', message, details(type, name, { causes }));
}

/** 422 with one cause per error. An empty `kind` is what the API server says of a patch it could not decode. */
export function invalidObject(
  type: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const texts = [...new Set(errors.map(errorText))];
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new StatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${all}`, {
    ...(name === '' ? {} : { name }),
    ...(type.group === '' ? {} : { group: type.group }),
    ...(type.kind === '' ? {} : { kind: type.kind }),
    causes: errors.map((error) => ({ reason: error.type, message: errorBody(error), field: error.field })),
  });
}
