import { expect, test } from 'vitest';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { parseExample } from '#src/playground/examples.ts';
import { complain, createChanges, judge } from '#src/playground/progress.ts';

type Said = readonly [status: 'True' | 'False', reason: string, message: string];

function monitor(name: string, said?: Said, more: Partial<BedrockMonitor['metadata']> = {}): BedrockMonitor {
  const [status, reason, message] = said ?? [];
  const creationTimestamp = '2026-01-01T00:00:00Z';
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: 'genai', uid: name, generation: 1, creationTimestamp, ...more },
    spec: { region: 'us-east-1' },
    ...(status !== undefined && {
      status: {
        observedGeneration: 1,
        conditions: [
          {
            type: 'Ready',
            status,
            reason: reason ?? '',
            message: message ?? '',
            observedGeneration: 1,
            lastTransitionTime: creationTimestamp,
          },
        ],
      },
    }),
  };
}

const example = parseExample(
  'shared.yaml',
  `# expect: genai/a Ready=True InSync
# expect: genai/b Ready=False Conflict
${['a', 'b'].map((name) => `--- {apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}, namespace: genai}}`).join('\n')}`,
);

test('each monitor of an example is held against its own expectation', () => {
  const judged = (present: readonly BedrockMonitor[]) =>
    judge([example], present).map(({ monitor, reached }) => [monitor, reached]);
  expect(judged([])).toEqual([
    ['genai/a', false],
    ['genai/b', false],
  ]);
  const conflict: Said = ['False', 'Conflict', 'genai/a holds it'];
  expect(judged([monitor('a', conflict), monitor('b', conflict), monitor('c')])).toEqual([
    ['genai/a', false],
    ['genai/b', true],
  ]);
});

test('a complaint says which example, what it should be, what it is and why', () => {
  const [a, b] = judge([example], [monitor('a', ['False', 'AccessDenied', 'grant logs:CreateLogGroup'])]);
  expect(a && complain(a)).toBe(
    'genai/a (shared.yaml): expected Ready=True InSync, but it is Ready=False AccessDenied: grant logs:CreateLogGroup',
  );
  expect(b && complain(b)).toBe('genai/b (shared.yaml): expected Ready=False Conflict, but it is Ready=Unknown');
});

test('only news is told, and what is said of an older spec is none', () => {
  const changes = createChanges();
  const inSync: Said = ['True', 'InSync', ''];
  expect(changes([monitor('a')])).toEqual([]);
  expect(changes([monitor('a', inSync)])).toEqual(['genai/a: Ready=True InSync']);
  expect(changes([monitor('a', inSync, { generation: 2 })])).toEqual([]);
  expect(changes([monitor('a', inSync)])).toEqual([]);
  expect(changes([monitor('a', inSync, { deletionTimestamp: '2026-01-01T00:00:00Z' })])).toEqual([
    'genai/a: being deleted, Ready=True InSync',
  ]);
  expect(changes([])).toEqual(['genai/a: deleted']);
  expect(changes([])).toEqual([]);
});
