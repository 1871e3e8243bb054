import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseExample, readExamples } from '#src/playground/examples.ts';

const root = join(import.meta.dirname, '../..');

test('the examples of the project can be read, and each says what it comes to', async () => {
  const examples = await readExamples(join(root, 'examples'));
  expect(examples.length).toBeGreaterThanOrEqual(9);
  for (const { file, expectations } of examples) {
    expect([file, expectations.size]).not.toEqual([file, 0]);
    for (const expectation of expectations.values()) expect(expectation.reason).toBeTypeOf('string');
  }
  const expected = examples.flatMap(({ expectations }) => [...expectations.values()].map(({ reason }) => reason));
  expect(new Set(expected)).toEqual(new Set(['InSync', 'Conflict', 'PlanPending']));
});

test('an example holds the objects of its documents, in a namespace each', () => {
  const { objects, expectations } = parseExample(
    'a.yaml',
    `# expect: Ready=True InSync
{apiVersion: v1, kind: Namespace, metadata: {name: genai}}
---
{apiVersion: bedrockmonitor.io/v1alpha1, kind: BedrockMonitor, metadata: {name: a}, spec: {region: us-east-1}}
---
`,
  );
  expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
    ['Namespace', undefined],
    ['BedrockMonitor', 'default'],
  ]);
  expect([...expectations.keys()]).toEqual(['default/a']);
});

test.each([
  ['kind: BedrockMonitor', 'a.yaml: every document must have apiVersion, kind and metadata.name'],
  ['- 1', 'a.yaml: every document must have apiVersion, kind and metadata.name'],
  ['{apiVersion: v1, kind: ConfigMap, metadata: {name: a}', 'a.yaml: '],
  [
    '# expect: nothing\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}',
    'a.yaml: "# expect: nothing" is not like',
  ],
])('%s names the file that is wrong', (text, sentence) => {
  expect(() => parseExample('a.yaml', text)).toThrow(sentence);
});

test('a directory that is not there, or empty of examples, is an error that says so', async () => {
  await expect(readExamples('/nonexistent')).rejects.toThrow('there is no directory /nonexistent');
  const noYAML = join(root, 'src/playground');
  await expect(readExamples(noYAML)).rejects.toThrow(`there are no *.yaml files in ${noYAML}`);
});
