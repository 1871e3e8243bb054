import { readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { isAlreadyExists } from '#src/kubernetes/api-error.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import { pathOf } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { accessListKey } from '#src/operator/access-list.ts';
import { monitors } from '#src/operator/monitors.ts';

/** The types that the playground installs and that examples may hold. */
const resources: Readonly<Record<string, ApiResource>> = {
  'v1/Namespace': { group: '', version: 'v1', plural: 'namespaces', namespaced: false },
  'v1/ConfigMap': { group: '', version: 'v1', plural: 'configmaps', namespaced: true },
  'apiextensions.k8s.io/v1/CustomResourceDefinition': {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    namespaced: false,
  },
  [`${apiVersion}/${kind}`]: monitors,
};

interface ConfigMap extends KubernetesObject {
  readonly data: Readonly<Record<string, string>>;
}

/** An entry of the credentials list, as manifests/credentials.yaml writes it. */
export interface AccessEntry {
  readonly namespaces: readonly string[];
  readonly roleARNs: readonly string[];
}

/**
 * What `kubectl apply -k manifests/` puts into a cluster, without the Deployment: the operator runs in this process.
 * `more` is added to the shipped credentials list.
 */
export async function install(client: Client, more: readonly AccessEntry[]): Promise<void> {
  const [crd, namespace, credentials] = await Promise.all([
    manifest<KubernetesObject>('crds/bedrockmonitors.yaml'),
    manifest<KubernetesObject>('manifests/namespace.yaml'),
    manifest<ConfigMap>('manifests/credentials.yaml'),
  ]);
  await apply(client, crd);
  await apply(client, namespace);
  const shipped: unknown = parse(credentials.data[accessListKey] ?? '');
  const list = [...(Array.isArray(shipped) ? (shipped as readonly unknown[]) : []), ...more];
  const extended: ConfigMap = { ...credentials, data: { [accessListKey]: stringify(list) } };
  await apply(client, extended);
}

/** Makes the object as `kubectl apply -f` does, so that kubectl can go on from there. Throws what the API refuses. */
export async function apply(client: Client, object: KubernetesObject): Promise<void> {
  const type = `${object.apiVersion}/${object.kind}`;
  const resource = resources[type];
  if (resource === undefined) throw new Error(`the playground does not apply ${type}`);
  const { namespace } = object.metadata;
  if (namespace !== undefined) await ensureNamespace(client, namespace);
  const post = client.raw({
    method: 'POST',
    path: pathOf(resource, namespace),
    query: { fieldManager: 'kubectl-client-side-apply', fieldValidation: 'Strict' },
    body: { ...object, metadata: { ...object.metadata, annotations: annotationsOf(object) } },
  });
  await (object.kind === 'Namespace' ? unlessPresent(post) : post);
}

function annotationsOf(object: KubernetesObject): Readonly<Record<string, string>> {
  const lastApplied = { ...object, metadata: { annotations: {}, ...object.metadata } };
  return {
    ...object.metadata.annotations,
    'kubectl.kubernetes.io/last-applied-configuration': `${goJSON(lastApplied)}\n`,
  };
}

/** As Go writes it, so that kubectl finds its own bytes again: keys in order, `<`, `>` and `&` escaped. */
function goJSON(value: object): string {
  const sorted = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
  return sorted.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

/** A cluster's teams have their namespaces; the playground's come with what is put into them. */
async function ensureNamespace(client: Client, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await unlessPresent(client.raw({ method: 'POST', path: '/api/v1/namespaces', body }));
}

async function unlessPresent(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

/** A file of the repository that is written by us. */
async function manifest<T>(path: string): Promise<T> {
  const value: T = parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8'));
  return value;
}
