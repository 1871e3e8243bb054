import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customResourceDefinition } from '#src/api/crd.ts';
import { spec as specSchema } from '#src/api/schema/spec.ts';
import { apiVersion, type BedrockMonitorSpec, group, kind, plural, version } from '#src/api/v1alpha1.ts';
import { specFaults } from '#src/api/validate.ts';
import { type KubernetesApi, startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { arbitrarySpecInAnyMode, arbitraryValidSpec } from '#test/support/arbitrary-spec.ts';

const path = `/apis/${group}/${version}/namespaces/default/${plural}?fieldValidation=Strict&dryRun=All`;
/** JSON Schema, as far as fields and words go. */
const schema: Node = JSON.parse(JSON.stringify(specSchema));
const SEED = 20_261_125;

let api: KubernetesApi;
beforeAll(async () => {
  api = await startKubernetesApi();
});
afterAll(() => api.close());

/** Answers without a socket. */
function post(url: string, body: unknown) {
  return api.handle({
    method: 'POST',
    url,
    contentType: 'application/json',
    body: JSON.stringify(body),
  });
}

test.each([
  ['enforced', arbitraryValidSpec],
  ['in any mode', arbitrarySpecInAnyMode],
])('every arbitrary spec %s is one that the API takes', (_, specs) => {
  post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', customResourceDefinition);
  fc.assert(
    fc.property(specs, (spec) => {
      const answer = post(path, { apiVersion, kind, metadata: { name: 'any', namespace: 'default' }, spec });
      expect(answer).toMatchObject({ status: 201 });
    }),
    { numRuns: 150 },
  );
});

describe('arbitrary specs', () => {
  const drawn = fc.sample(arbitrarySpecInAnyMode, { seed: SEED, numRuns: 2_000 });

  test(`are valid by the schema (seed ${SEED})`, () => {
    expect(drawn.flatMap((spec) => specFaults(spec))).toEqual([]);
  });

  test(`have every field and every value of a list of words that the schema has (seed ${SEED})`, () => {
    const seen = new Set<string>();
    for (const spec of drawn) note(spec, schema, 'spec', seen);
    expect([...wanted(schema, 'spec')].filter((one) => !seen.has(one))).toEqual([]);
  });
});

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: unknown;
  readonly enum?: readonly unknown[];
}

/** Paths of all fields, such as `spec.alarms[].metric.name`, and `path = word` for each word. */
function* wanted(node: Node, at: string): Generator<string> {
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    yield `${at}.${name}`;
    yield* wanted(member, `${at}.${name}`);
  }
  if (node.items !== undefined) yield* wanted(node.items, `${at}[]`);
  if (node.additionalProperties !== undefined) yield `${at}.*`;
  for (const word of node.enum ?? []) yield `${at} = ${String(word)}`;
}

/** What occurs of that in a value. */
function note(value: unknown, node: Node, at: string, seen: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) note(item, node.items ?? {}, `${at}[]`, seen);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      seen.add(`${at}.${node.additionalProperties === undefined ? name : '*'}`);
      note(member, node.properties?.[name] ?? {}, `${at}.${name}`, seen);
    }
  } else {
    seen.add(`${at} = ${String(value)}`);
  }
}

test('a field that no spec has, and a word that none uses, would be missed', () => {
  const one: BedrockMonitorSpec = { region: 'us-east-1', mode: 'Plan', tags: { team: 'search' } };
  const seen = new Set<string>();
  note(one, schema, 'spec', seen);
  expect([...seen].sort()).toEqual([
    'spec.mode',
    'spec.mode = Plan',
    'spec.region',
    'spec.region = us-east-1',
    'spec.tags',
    'spec.tags.*',
    'spec.tags.team = search',
  ]);
  expect([...wanted(schema, 'spec')]).toEqual(
    expect.arrayContaining(['spec.mode = Observe', 'spec.alarms[].metricMath.metrics[].id', 'spec.tags.*']),
  );
});
