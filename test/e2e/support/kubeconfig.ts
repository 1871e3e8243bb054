import { writeFile } from 'node:fs/promises';

/** Whom to be, and where. */
export interface Access {
  readonly url: string;
  /** PEM of what signed the server's certificate. */
  readonly certificateAuthority: string;
  /** A bearer token; without one the caller is anonymous. */
  readonly token?: string;
}

/** Writes a kubeconfig with one context; JSON is YAML too. */
export async function writeKubeconfig(path: string, access: Access, namespace = 'default'): Promise<void> {
  const ca = Buffer.from(access.certificateAuthority).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'e2e',
    clusters: [{ name: 'e2e', cluster: { server: access.url, 'certificate-authority-data': ca } }],
    users: [{ name: 'e2e', user: access.token === undefined ? {} : { token: access.token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e', namespace } }],
  };
  await writeFile(path, JSON.stringify(config, null, 2), { mode: 0o600 });
}
