import { customResourceDefinition } from '#src/api/crd.ts';

/** A schema within the CRD, as far as the tests look at it. */
export interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node;
  readonly items?: Node;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly { readonly message: string; readonly fieldPath?: string }[];
}

const [version] = customResourceDefinition.spec.versions;
const root: Node = JSON.parse(JSON.stringify(version.schema.openAPIV3Schema));
/** Every schema of the CRD with its path: `spec.alarms[].period`, `spec.tags{}`. */
export const nodes: readonly { readonly path: string; readonly node: Node }[] = [...walk(root, '')];
function* walk(node: Node, path: string): Generator<{ path: string; node: Node }> {
  yield { path, node };
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    yield* walk(member, path === '' ? name : `${path}.${name}`);
  }
  if (node.items !== undefined) yield* walk(node.items, `${path}[]`);
  if (node.additionalProperties !== undefined) yield* walk(node.additionalProperties, `${path}{}`);
}
