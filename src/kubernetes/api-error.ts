/** A `Status` as the API server answers, as far as it is read here. */
export interface Status {
  readonly kind?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string }[];
  };
}

/** Why a call to the Kubernetes API did not succeed. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The server's reason (`Conflict`, `NotFound`, …), or `Unreachable`, `Timeout` where there was no answer. */
  readonly reason: string;
  /** When the server asks to be called again; absent where it does not say. */
  readonly retryAfterMs: number | undefined;
  /** Reasons of the causes that the server names, such as `NamespaceTerminating`. */
  readonly causes: readonly string[];

  constructor(
    status: number,
    reason: string,
    message: string,
    options: { retryAfterMs?: number | undefined; causes?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs;
    this.causes = options.causes ?? [];
  }
}

/** Somebody wrote the object first, or it is not the one we knew: read again. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason !== 'AlreadyExists';
}

export function isAlreadyExists(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason === 'AlreadyExists';
}

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/** RBAC does not allow it. */
export function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 403;
}

/** The resourceVersion or continue token is older than the server's memory: list again. */
export function isExpired(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}

/** The namespace is being deleted and takes in nothing new (k8s.io/api/core/v1: NamespaceTerminatingCause). */
export function isNamespaceTerminating(error: unknown): error is ApiError {
  return error instanceof ApiError && error.causes.includes('NamespaceTerminating');
}

/** No answer came: refused, reset, or past the deadline. A write may or may not have happened. */
export function isUnreachable(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 0;
}

/** `call` names what was asked, as in `GET leases operators/leader`. `retryAfter` is the header, in seconds. */
export function errorFromStatus(call: string, code: number, body: string, retryAfter?: string): ApiError {
  const status = parseStatus(body);
  const reason = status?.reason || reasonByCode[code] || 'Unknown';
  const said = status?.message || body.trim().slice(0, 300) || reason;
  const seconds = retryAfter === undefined ? status?.details?.retryAfterSeconds : Number(retryAfter);
  const retryAfterMs = seconds !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
  const causes = (status?.details?.causes ?? []).flatMap((cause) => cause.reason ?? []);
  return new ApiError(code, reason, `${call}: ${code} ${reason}: ${said}`, { retryAfterMs, causes });
}

/** An ERROR event of a watch carries a `Status` in place of an object. */
export function errorFromEvent(call: string, status: Status): ApiError {
  return errorFromStatus(call, status.code ?? 500, JSON.stringify(status));
}

function parseStatus(body: string): Status | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined; // A proxy's HTML page, or nothing at all.
  }
}

const reasonByCode: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};
