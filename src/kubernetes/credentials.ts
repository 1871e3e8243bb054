import type { RequestOptions } from 'node:https';
import type { Clock } from './clock.ts';
import type { KubeConfig } from './kube-config.ts';
import { freshCopy } from './kube-config.ts';

/** What a request carries, and what a connection is made with. */
interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface CredentialSource {
  /** As of at most ten seconds ago; callers at the same time share one reading. */
  current(): Promise<Credentials>;
  /** The server refused these: everything cached is forgotten, unless newer ones have been read since. */
  renew(refused: Credentials): void;
}

/**
 * client-node reads CA and certificate files from disk on each request, starts one exec plugin per parallel request
 * and keeps a refused token for up to a minute; the short memory here is against all three.
 */
const freshMs = 10_000;

/** Reads credentials as the kubeconfig says: token, token file, client certificate, exec plugin, OIDC, basic. */
export function credentialSource(config: KubeConfig, clock: Clock): CredentialSource {
  let copy = freshCopy(config);
  let known: { readonly reading: Promise<Credentials>; readonly at: number } | undefined;
  let newest: Credentials | undefined;

  const readNow = async (): Promise<Credentials> => {
    newest = undefined;
    newest = await read(copy);
    return newest;
  };

  return {
    current() {
      if (known && clock.monotonic() - known.at < freshMs) return known.reading;
      const mine = { reading: readNow(), at: clock.monotonic() };
      known = mine;
      mine.reading.catch(() => {
        if (known === mine) known = undefined;
      });
      return mine.reading;
    },
    renew(refused) {
      if (refused !== newest) return;
      newest = undefined;
      known = undefined;
      copy = freshCopy(config);
    },
  };
}

async function read(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value);
  if (options.auth) headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  // A token file usually ends with a newline, which no header may carry.
  if (headers['authorization']) headers['authorization'] = headers['authorization'].trim();
  return { headers, tls: tlsOf(options) };
}

function tlsOf(options: RequestOptions): TlsMaterial {
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return {
    ...(isMaterial(ca) && { ca }),
    ...(isMaterial(cert) && { cert }),
    ...(isMaterial(key) && { key }),
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

function isMaterial(value: unknown): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}
