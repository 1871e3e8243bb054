import type { Json, JsonObject } from '#src/domain/json.ts';
import { notAcceptable } from './status-error.ts';
import type { Watch, WatchEvent } from './watching.ts';

/** A request, with or without a socket under it. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly userAgent?: string;
  readonly body?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: JsonObject | string;
  /** Texts of `Warning: 299` headers. */
  readonly warnings: readonly string[];
}

/** An answer that goes on until the client, `timeoutMs` or the server ends it. */
export interface WatchAnswer {
  readonly watch: Watch;
  readonly timeoutMs: number;
  /** How an event looks on the wire (Tables for who asked for them). */
  readonly encode: (event: WatchEvent) => Json;
}

/** What the client wants to read. */
export interface Format {
  readonly table: boolean;
}

const supported = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** The first media type of Accept that is served: JSON, or JSON as a Table. Throws 406 where there is none. */
export function negotiate(accept: string | undefined): Format {
  if (accept === undefined || accept.trim() === '') return { table: false };
  for (const range of accept.split(',').map((part) => part.trim())) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    if (!['application/json', 'application/*', '*/*'].includes(type)) continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return { table: false };
    if (as === 'Table' && parameters.includes('v=v1')) return { table: true };
  }
  throw notAcceptable(supported);
}
