import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

/** As much of a CRD's schema as says how lists merge. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

interface Definition {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly items?: Definition;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-patch-strategy'?: 'merge';
}

const crd: {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
} = parse(await readFile(new URL('../../crds/bedrockmonitors.yaml', import.meta.url), 'utf8'));

/** The schema cut down to lists that merge by a key; absent where there are none below. */
function mergeKeys(schema: Schema): Definition | undefined {
  const key = schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys']?.[0] : undefined;
  if (key !== undefined) {
    return {
      type: 'array',
      items: { type: 'object', ...(schema.items && mergeKeys(schema.items)) },
      'x-kubernetes-patch-merge-key': key,
      'x-kubernetes-patch-strategy': 'merge',
    };
  }
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const keys = mergeKeys(member);
    return keys === undefined ? [] : [[name, keys] as const];
  });
  return members.length === 0 ? undefined : { type: 'object', properties: Object.fromEntries(members) };
}

test('manifests/kustomize-openapi.json gives Kustomize the merge keys of the CRD', async () => {
  const { group, names, versions } = crd.spec;
  const definitions = versions.map(({ name: version, schema }) => {
    const { spec } = schema.openAPIV3Schema.properties ?? {};
    const gvk = { group, version, kind: names.kind };
    const properties = { spec: spec && mergeKeys(spec) };
    return [
      `${group}.${version}.${names.kind}`,
      { type: 'object', properties, 'x-kubernetes-group-version-kind': [gvk] },
    ];
  });
  const info = {
    title: 'Merge keys of BedrockMonitor for Kustomize',
    version: '1',
    description:
      "Kustomize takes this instead of its own schema: keep BedrockMonitors in a kustomization of their own, or patches of Kubernetes' own kinds replace lists such as containers whole.",
  };
  const document = { swagger: '2.0', info, definitions: Object.fromEntries(definitions) };
  const file = `${JSON.stringify(document, null, 2)}\n`;
  expect(file).toContain('"x-kubernetes-patch-merge-key": "name"');
  await expect(file).toMatchFileSnapshot('../../manifests/kustomize-openapi.json');
});
