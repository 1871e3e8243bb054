import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { isAlreadyExists } from '#src/kubernetes/api-error.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';

const namespaces: ApiResource = { group: '', version: 'v1', plural: 'namespaces', namespaced: false };
const crds: ApiResource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** The CRD and the namespaces that tests use. Present already is success. */
export async function installBasics(
  client: Client,
  names = ['bedrock-monitor-system', 'genai', 'research'],
): Promise<void> {
  await create(client, crds, await crd());
  for (const name of names)
    await create(client, namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

/** Parsed once: it is long. */
function crd(): Promise<KubernetesObject> {
  parsed ??= readFile(new URL('../../crds/bedrockmonitors.yaml', import.meta.url), 'utf8').then((text) => parse(text));
  return parsed;
}

let parsed: Promise<KubernetesObject> | undefined;

async function create(client: Client, resource: ApiResource, object: KubernetesObject): Promise<void> {
  try {
    await client.create(resource, object);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
