import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { specFaults } from '#src/api/validate.ts';
import { features } from '#src/domain/plan/types.ts';
import { plan } from '#src/domain/plan.ts';
import { facts } from './given.ts';

const golden = new URL('../../golden/', import.meta.url);
const sources = ['../../../examples/', './specs/']
  .map((folder) => new URL(folder, import.meta.url))
  .flatMap((folder) => namesIn(folder, '.yaml').map((file) => new URL(file, folder)));

const MODELS = ['amazon.nova-pro-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0'];

/** What each example comes to in AWS. `vitest -u` rewrites the files; the difference is what a review looks at. */
test.each(sources.map((source) => [goldenName(source), source] as const))('%s', async (name, source) => {
  const monitors = monitorsIn(source);
  expect(monitors.flatMap(({ spec }) => specFaults(spec))).toEqual([]);
  expect(monitors.length).toBeGreaterThan(0);
  await expect(`${JSON.stringify(monitors.map(planOf), null, 2)}\n`).toMatchFileSnapshot(`../../golden/${name}`);
});

test('there is a golden file for each, and none without its source', () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(namesIn(golden, '.json')).toEqual(sources.map(goldenName).sort());
});

function planOf({ metadata: { name, namespace }, spec }: BedrockMonitor): unknown {
  const given = facts({
    owner: { cluster: 'test', namespace, name, uid: '00000000-0000-4000-8000-000000000001' },
    place: { accountID: spec.accountID ?? '111122223333', region: spec.region, partition: 'aws' },
    deliveredLogGroup: { known: '/aws/bedrock/delivered' },
    modelsInUse: { known: MODELS },
    features: new Set(features),
  });
  return { monitor: `${namespace}/${name}`, ...plan(spec, given) };
}

function monitorsIn(source: URL): BedrockMonitor[] {
  const objects: { kind: string }[] = parseAllDocuments(readFileSync(source, 'utf8')).map((document) =>
    document.toJS(),
  );
  return objects.filter((object): object is BedrockMonitor => object?.kind === 'BedrockMonitor');
}

function namesIn(folder: URL, ending: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort();
}

function goldenName(source: URL): string {
  return `${basename(source.pathname, '.yaml')}.json`;
}
