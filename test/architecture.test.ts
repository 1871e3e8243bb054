import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import { expect, test } from 'vitest';

/**
 * Who may import whom, by folder of src, or by name for the files in src itself: arrows point inward, and what runs in
 * a cluster knows nothing of the playground or the CLI.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  api: [],
  domain: ['api'],
  reconcile: ['api', 'domain'],
  aws: ['api', 'domain', 'reconcile'],
  cel: [],
  kubernetes: [],
  telemetry: [],
  'command-line': [],
  'flag-values': ['telemetry'],
  flags: ['command-line'],
  config: ['command-line', 'flag-values', 'flags', 'telemetry'],
  operator: ['api', 'domain', 'reconcile', 'aws', 'kubernetes', 'telemetry', 'config'],
  main: ['telemetry', 'config', 'operator', 'cli'],
};

/** Nobody else imports these, so they may import what they need. */
const free = ['playground', 'cli'];

/** Packages that only these folders may import; `types` may be imported as types. */
const fenced = [
  { packages: /^@(aws-sdk|smithy)\//, folders: ['aws'], types: ['playground/aws'] },
  { packages: /^@kubernetes\/client-node/, folders: ['kubernetes'], types: [] },
];

const files = globSync('src/**/*.ts').map((file) => {
  const text = readFileSync(file, 'utf8');
  const path = relative('src', file);
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  const imports = [...statements].map(([, type, from, later]) => ({
    type: type !== undefined,
    from: from ?? later ?? '',
  }));
  return {
    path,
    folder: partOf(path),
    text,
    lines: text.split('\n').length,
    imports,
  };
});

function partOf(path: string): string {
  return path.split('/')[0]?.replace(/\.ts$/, '') ?? '';
}

/** The folder of src that an import leads to; undefined for packages and for files outside of src. */
function folderOf(from: string, path: string): string | undefined {
  const target = from.startsWith('#src/') ? from.slice(5) : from.startsWith('.') ? join(dirname(path), from) : '..';
  return target.startsWith('..') ? undefined : partOf(target);
}

test('arrows point inward', () => {
  const wrong = files.flatMap(({ path, folder, imports }) =>
    imports
      .map(({ from }) => folderOf(from, path))
      .filter((to) => to !== undefined && to !== folder && !(mayImport[folder]?.includes(to) ?? free.includes(folder)))
      .map((to) => `${path} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

test('the SDK of AWS and the client of Kubernetes each stay behind one folder', () => {
  const wrong = files.flatMap(({ path, folder, imports }) =>
    imports
      .filter(({ from, type }) =>
        fenced.some(
          ({ packages, folders, types }) =>
            packages.test(from) &&
            !folders.includes(folder) &&
            !(type && types.some((allowed) => path.startsWith(`${allowed}/`))),
        ),
      )
      .map(({ from }) => `${path} imports ${from}`),
  );
  expect(wrong).toEqual([]);
});

test('api and domain are pure: no I/O, no clock, no chance', () => {
  const inner = files.filter(({ folder }) => folder === 'api' || folder === 'domain');
  const io = inner.flatMap(({ path, imports }) =>
    imports.filter(({ from }) => /^node:(?!crypto$|util$)/.test(from)).map(({ from }) => `${path} imports ${from}`),
  );
  const clocks = inner.filter(({ text }) => /Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/.test(text));
  expect([...io, ...clocks.map(({ path }) => path)]).toEqual([]);
});

test('no file grows over 400 lines', () => {
  expect(files.filter(({ lines }) => lines > 401).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
});

test('the test saw what it judges', () => {
  const seen = new Set(files.map(({ folder }) => folder));
  const required = ['api', 'domain', 'reconcile', 'aws', 'kubernetes', 'telemetry', 'operator', 'playground', 'main'];
  expect([...seen]).toEqual(expect.arrayContaining(required));
  expect([...seen].filter((folder) => !(folder in mayImport) && !free.includes(folder))).toEqual([]);
  expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(files.length);
  expect(folderOf('#src/domain/plan.ts', 'reconcile/act.ts')).toBe('domain');
  expect(folderOf('../reconcile/ports.ts', 'aws/alarm.ts')).toBe('reconcile');
  expect(folderOf('./plan/types.ts', 'domain/plan.ts')).toBe('domain');
  expect(folderOf('pino', 'telemetry/log.ts')).toBeUndefined();
});
