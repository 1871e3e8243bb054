import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { Agent, ProxyAgent } from 'undici';
import type { TlsMaterial } from './credentials.ts';

/** One pool of connections to one API server. */
export interface Transport {
  /** The pool for this TLS material; a changed client certificate or CA starts a new one and lets the old one drain. */
  dispatcher(tls: TlsMaterial): Dispatcher;
  /** Ends everything at once. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** An HTTP proxy, as `proxy-url` in a kubeconfig. */
  readonly proxyURL?: string;
}

const poolOptions = {
  // With HTTP/2 everything is one connection; this bounds HTTP/1.1, where each watch holds one.
  connections: 64,
  connectTimeout: 10_000,
  // Deadlines are the client's own; undici's would end quiet watches.
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: 30_000,
  // A ping that is still unanswered at the next one ends the session: a dead peer is noticed within 40 s.
  pingInterval: 20_000,
} as const;

export function createTransport(options: TransportOptions = {}): Transport {
  if (options.proxyURL?.startsWith('socks')) {
    throw new Error(`kubeconfig: proxy-url ${options.proxyURL} is not supported; use an http:// or https:// proxy`);
  }
  let current: { readonly id: string; readonly pool: Dispatcher } | undefined;
  /** Pools that finish what they have. */
  const retired = new Set<Dispatcher>();

  const retire = async (pool: Dispatcher) => {
    retired.add(pool);
    await pool.close().catch(() => undefined);
    retired.delete(pool);
  };

  return {
    dispatcher(tls) {
      const id = fingerprint(tls);
      if (current?.id === id) return current.pool;
      if (current) void retire(current.pool);
      current = { id, pool: createPool(tls, options.proxyURL) };
      return current.pool;
    },
    async close() {
      // Not `Dispatcher.close()`: that waits for watches, which end only when they are told to.
      await Promise.all([...retired, ...(current ? [current.pool] : [])].map((pool) => pool.destroy()));
      current = undefined;
    },
  };
}

function createPool(tls: TlsMaterial, proxyURL: string | undefined): Dispatcher {
  // 30 s as client-go: the default of 60 s races with the idle timeout of load balancers.
  const connect = { keepAlive: true, keepAliveInitialDelay: 30_000 };
  if (proxyURL !== undefined) return new ProxyAgent({ ...poolOptions, uri: proxyURL, requestTls: tls, connect });
  return new Agent({ ...poolOptions, connect: { ...tls, ...connect } });
}

function fingerprint(tls: TlsMaterial): string {
  const hash = createHash('sha256');
  for (const part of [tls.ca, tls.cert, tls.key, tls.servername, String(tls.rejectUnauthorized)]) {
    hash.update(part ?? '').update('\0');
  }
  return hash.digest('hex');
}
