import { Agent, type Dispatcher } from 'undici';

/** A Kubernetes API as the contract talks to it: nothing is retried or interpreted. */
export interface ContractApi {
  request(method: string, path: string, options?: ContractRequest): Promise<ContractAnswer>;
  /** Events of a watch until it ends, the signal aborts, or the consumer stops. */
  watch(path: string, signal: AbortSignal): AsyncIterable<WatchedEvent>;
}

export interface ContractRequest {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
}

export interface ContractAnswer {
  readonly status: number;
  /** Parsed JSON, or `{ text }` where the body is none. */
  readonly body: Body;
  /** Texts of the `Warning` headers. */
  readonly warnings: readonly string[];
}

/** Whatever came: the tests look into it member by member. */
export interface Body {
  readonly [member: string]: unknown;
  readonly message?: string;
  readonly reason?: string;
  readonly metadata?: Metadata;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
  readonly items?: readonly Body[];
  readonly details?: { readonly causes?: readonly Cause[]; readonly [member: string]: unknown };
}

interface Metadata {
  readonly [member: string]: unknown;
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly continue?: string;
  readonly finalizers?: readonly string[];
  readonly deletionTimestamp?: string;
  readonly managedFields?: readonly ManagedFields[];
}

interface ManagedFields {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly fieldsV1: unknown;
}

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

export interface WatchedEvent {
  readonly type: string;
  readonly object: Body;
}

export interface Connection {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly dispatcher?: Dispatcher;
}

/** The contract's view of an API server at a URL, over plain HTTP requests. */
export function connectContract({
  url,
  headers = {},
  dispatcher = new Agent({ bodyTimeout: 0 }),
}: Connection): ContractApi {
  return {
    async request(method, path, { body, contentType = 'application/json', accept = 'application/json' } = {}) {
      const response = await dispatcher.request({
        origin: url,
        path,
        method,
        headers: {
          ...headers,
          accept,
          'user-agent': 'contract/1',
          ...(body === undefined ? {} : { 'content-type': contentType }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.body.text();
      return { status: response.statusCode, body: parse(text), warnings: warningsOf(response.headers['warning']) };
    },
    async *watch(path, signal) {
      const response = await dispatcher.request({
        origin: url,
        path,
        method: 'GET',
        headers: { ...headers, accept: 'application/json' },
        signal,
      });
      let rest = '';
      for await (const chunk of response.body.setEncoding('utf8')) {
        const lines = `${rest}${String(chunk)}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const event: WatchedEvent = JSON.parse(line);
          yield event;
        }
      }
    },
  };
}

function parse(text: string): Body {
  try {
    const body: Body = JSON.parse(text);
    return body;
  } catch {
    return { text };
  }
}

function warningsOf(header: string | string[] | undefined): string[] {
  const all = [header ?? []].flat().join(', ');
  return [...all.matchAll(/299 - ("(?:[^"\\]|\\.)*")/g)].map(([, quoted = '""']) => {
    const text: string = JSON.parse(quoted);
    return text;
  });
}
