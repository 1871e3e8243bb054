import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kind as monitorKind } from '#src/api/v1alpha1.ts';
import type { KubernetesObject } from '#src/kubernetes/api-resource.ts';
import type { Expectation } from './expectation.ts';
import { parseExpectations } from './expectation.ts';

/** One example file. */
export interface Example {
  readonly file: string;
  /** In the order of the file; every namespaced one names its namespace. */
  readonly objects: readonly KubernetesObject[];
  /** By `<namespace>/<name>` of its monitors. */
  readonly expectations: ReadonlyMap<string, Expectation>;
}

/** The *.yaml files of a directory in the order of their names. Throws with the file where one cannot be read. */
export async function readExamples(directory: string): Promise<readonly Example[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new Error(`there is no directory ${directory} to take examples from`, { cause });
  });
  const files = names.filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml').sort();
  if (files.length === 0) throw new Error(`there are no *.yaml files in ${directory}`);
  return Promise.all(
    files.map(async (name) => {
      const file = join(directory, name);
      return parseExample(file, await readFile(file, 'utf8'));
    }),
  );
}

export function parseExample(file: string, text: string): Example {
  try {
    const objects = parseAllDocuments(text)
      .map((document): unknown => {
        const [error] = document.errors;
        if (error !== undefined) throw error;
        return document.toJS();
      })
      .filter((value) => value !== null)
      .map(objectOf);
    const monitors = objects.filter(({ kind }) => kind === monitorKind).map(({ metadata }) => keyOf(metadata));
    return { file, objects, expectations: parseExpectations(text, monitors) };
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function keyOf({ namespace, name }: KubernetesObject['metadata']): string {
  return `${namespace}/${name}`;
}

/** As kubectl sends it: without a namespace it goes to `default`. */
function objectOf(value: unknown): KubernetesObject {
  if (!isKubernetesObject(value)) throw new Error('every document must have apiVersion, kind and metadata.name');
  if (value.kind === 'Namespace') return value;
  return { ...value, metadata: { ...value.metadata, namespace: value.metadata.namespace ?? 'default' } };
}

function isKubernetesObject(value: unknown): value is KubernetesObject {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return false;
  const { metadata } = value;
  const named = typeof metadata === 'object' && metadata !== null && 'name' in metadata;
  return 'apiVersion' in value && 'kind' in value && named;
}
