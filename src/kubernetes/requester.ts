import type { Dispatcher } from 'undici';
import { ApiError, errorFromStatus } from './api-error.ts';
import type { Clock } from './clock.ts';
import { sleep } from './clock.ts';
import type { CredentialSource } from './credentials.ts';
import type { Deadline } from './deadline.ts';
import { orAborted } from './deadline.ts';
import type { Transport } from './transport.ts';

/** One call, before credentials. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** For messages: `GET leases operators/leader`. */
  readonly name: string;
  /** For metrics: the plural, or the path where there is none. */
  readonly resource: string;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** One attempt, for metrics: `code` is the HTTP status or, as in client-go, `<error>` where there was none. */
export interface RequestSample {
  readonly method: string;
  readonly resource: string;
  readonly host: string;
  readonly code: string;
  readonly durationMs: number;
}

export interface RequesterOptions {
  /** The server's URL; a path in it is kept as a prefix. */
  readonly server: string;
  readonly transport: Transport;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly onRequest?: (sample: RequestSample) => void;
}

/** Sends a call and resolves once the headers of a 2xx answer are in; everything else throws `ApiError`. */
export type Requester = (call: Call, limit: Deadline) => Promise<Dispatcher.ResponseData>;

/** A server that sheds load says when to come again; after this many times its answer goes to the caller. */
const maxRetries = 4;

/**
 * - 401: credentials are read anew, once.
 * - 429, and 5xx with Retry-After: waited for as told, while the deadline allows. The server did not act on these.
 * - A read that got no answer is sent once more: its pooled connection may have been closed under it.
 */
export function createRequester(options: RequesterOptions): Requester {
  const { transport, credentials, clock, onRequest } = options;
  const url = new URL(options.server);
  const prefix = url.pathname.replace(/\/+$/, '');

  const attempt = async (call: Call, limit: Deadline) => {
    const used = await orAborted(credentials.current(), limit.signal);
    const { headers, tls } = used;
    const startedAt = clock.monotonic();
    let code = '<error>';
    try {
      const response = await transport.dispatcher(tls).request({
        origin: url.origin,
        path: prefix + call.path + queryString(call.query),
        method: call.method,
        headers: {
          ...headers,
          accept: 'application/json',
          'user-agent': options.userAgent,
          ...(call.body !== undefined && { 'content-type': call.contentType ?? 'application/json' }),
        },
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
        signal: limit.signal,
      });
      code = String(response.statusCode);
      return { response, used };
    } finally {
      const { method, resource } = call;
      onRequest?.({ method, resource, host: url.host, code, durationMs: clock.monotonic() - startedAt });
    }
  };

  return async (call, limit) => {
    let renewed = false;
    let resent = false;
    for (let retries = 0; ; ) {
      let answer: Awaited<ReturnType<typeof attempt>>;
      try {
        answer = await attempt(call, limit);
      } catch (cause) {
        const error = noAnswer(call, limit, cause);
        if (!resent && call.method === 'GET' && error.reason === 'Unreachable') {
          resent = true;
          continue;
        }
        throw error;
      }
      const { response, used } = answer;
      if (response.statusCode < 300) return response;
      const error = await readError(call, limit, response);
      if (response.statusCode === 401 && !renewed) {
        renewed = true;
        credentials.renew(used);
        continue;
      }
      const waitMs = retryWaitMs(error);
      if (waitMs === undefined || retries >= maxRetries || waitMs >= limit.leftMs) throw error;
      retries += 1;
      await sleep(clock, waitMs, limit.signal);
      if (limit.signal.aborted) throw noAnswer(call, limit, limit.signal.reason);
    }
  };
}

/** How long the server wants to be left alone; absent where trying again is not its wish. */
function retryWaitMs(error: ApiError): number | undefined {
  if (error.status === 429) return Math.max(error.retryAfterMs ?? 1000, 100);
  if (error.status >= 500 && error.retryAfterMs !== undefined) return Math.max(error.retryAfterMs, 100);
  return undefined;
}

async function readError(call: Call, limit: Deadline, response: Dispatcher.ResponseData): Promise<ApiError> {
  let body = '';
  try {
    body = await response.body.text();
  } catch (cause) {
    if (limit.signal.aborted) throw noAnswer(call, limit, cause);
    // The status alone says enough.
  }
  const retryAfter = response.headers['retry-after'];
  return errorFromStatus(call.name, response.statusCode, body, Array.isArray(retryAfter) ? retryAfter[0] : retryAfter);
}

/** The caller's own abort is thrown as the caller gave it. */
export function noAnswer(call: Call, limit: Deadline, cause: unknown): ApiError {
  if (limit.expired) {
    return new ApiError(0, 'Timeout', `${call.name}: the API server did not answer in time`, { cause });
  }
  if (limit.signal.aborted) throw limit.signal.reason;
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new ApiError(0, 'Unreachable', `${call.name}: the API server cannot be reached: ${why}`, { cause });
}

function queryString(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text && `?${text}`;
}
