import { Agent, type Dispatcher } from 'undici';
import type { Access } from './kubeconfig.ts';

/** Plain HTTP to a Kubernetes API: no retries, no interpretation, so that a test sees what the server said. */
export interface Api {
  /** `T` is what the caller expects of the body; nothing checks it. */
  request<T = unknown>(method: string, path: string, options?: ApiRequest): Promise<ApiAnswer<T>>;
  /** For what `request` does not cover. */
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
  close(): Promise<void>;
}

interface ApiRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed where it is JSON, else the text. */
  readonly body: T;
}

/** One pooled connection to the server as the holder of `access.token`. */
export function connect(access: Access): Api {
  const dispatcher = new Agent({ connect: { ca: access.certificateAuthority }, bodyTimeout: 0 });
  const headers = access.token === undefined ? {} : { authorization: `Bearer ${access.token}` };
  return {
    dispatcher,
    headers,
    url: access.url,
    request: async (method, path, options = {}) => {
      const response = await dispatcher.request({
        origin: access.url,
        path,
        method,
        headers: {
          ...headers,
          ...(options.body !== undefined && { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
        ...(options.signal !== undefined && { signal: options.signal }),
      });
      const text = await response.body.text();
      const json = String(response.headers['content-type']).includes('json') && text !== '';
      return { status: response.statusCode, headers: response.headers, body: json ? JSON.parse(text) : text };
    },
    close: () => dispatcher.destroy(),
  };
}
