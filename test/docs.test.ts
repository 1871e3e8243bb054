import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfig } from '#src/config.ts';
import { flags } from '#src/flags.ts';
import { metricDefinitions } from '#src/kubernetes/metrics.ts';
import { operatorMetrics } from '#src/telemetry/metrics.ts';
import packageJson from '../package.json' with { type: 'json' };

const read = (file: string) => readFileSync(file, 'utf8');
const pages = [...globSync('*.md'), ...globSync('docs/*.md')];
const readme = read('README.md');
const operations = read('docs/operations.md');

test('every relative link leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
  expect(pages.length).toBeGreaterThan(5);
});

test('the example of the README is examples/basic.yaml', () => {
  const shown = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const objects = parseAllDocuments(read('examples/basic.yaml')).map((document) => document.toJS());
  expect(objects).toContainEqual(parse(shown));
});

test('the README justifies every dependency and names only scripts that exist', () => {
  const short = readme.replaceAll('`-', '`@aws-sdk/client-');
  expect(Object.keys(packageJson.dependencies).filter((name) => !short.includes(`\`${name}\``))).toEqual([]);
  const named = [...readme.matchAll(/npm run ([a-z0-9:]+)/g)].map(([, script = '']) => script);
  expect(named.filter((script) => !(script in packageJson.scripts))).toEqual([]);
});

test('every promise of the README names the tests that hold it', () => {
  const promises = readme.split('\n').filter((line) => /^\| \d+ \|/.test(line));
  const untested = promises.filter((line) => !/\]\(test\/\S+\) \|$/.test(line));
  expect(promises).toHaveLength(13);
  expect(untested).toEqual([]);
});

test('the operations page has every flag with its default and variable', () => {
  const rows = operations.split('\n').filter((line) => line.startsWith('| `--'));
  const documented = flags.filter(({ name }) => name !== 'help' && name !== 'version');
  const missing = documented.filter(({ name, default: value = '', env = '' }) => {
    const row = rows.find((line) => line.startsWith(`| \`--${name}\``));
    return row === undefined || !row.includes(value) || !row.includes(env);
  });
  expect(missing.map(({ name }) => name)).toEqual([]);
  expect(rows).toHaveLength(documented.length);
});

test('the operations page has every metric with its labels, and no other', () => {
  const rows = operations.split('\n').filter((line) => /^\| `[a-z_]+(_|`)/.test(line) && !line.includes('`msg`'));
  const definitions = Object.entries<{ readonly labels: readonly string[] }>({
    ...metricDefinitions,
    ...operatorMetrics,
  });
  const missing = definitions.filter(([name, { labels }]) => {
    const row = rows.find((line) => line.includes(`\`${name}\``));
    return !row?.includes(` ${labels.join(', ')} |`);
  });
  expect(missing.map(([name]) => name)).toEqual([]);
  const known = new Set(definitions.map(([name]) => name));
  const named = [
    ...operations.matchAll(/\b(?:controller_runtime|workqueue|rest_client|leader_election|bedrockmonitor)_[a-z_]+/g),
  ];
  expect(named.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
});

test('the manifests pass only flags that exist', () => {
  const given = [...read('manifests/deployment.yaml').matchAll(/^\s*- (--\S+)$/gm)].map(([, flag = '']) => flag);
  expect(given.length).toBeGreaterThan(0);
  expect(parseConfig(given, {})).toMatchObject({ kind: 'config' });
});
