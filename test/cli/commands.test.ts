import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '#src/cli/commands.ts';
import { orphanUsage } from '#src/cli/orphan-options.ts';
import { commands, usage } from '#src/flags.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';

async function run(name: string, ...argv: readonly string[]) {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await runCommand(name, argv, terminal);
  return { code, out, err };
}

test('--help lists every command, and each has a help of its own that fits a terminal', async () => {
  for (const { name } of commands) {
    expect(usage()).toContain(`\n  ${name} `);
    const { code, out, err } = await run(name, '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Usage: bedrock-monitor ${name} `);
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
  }
  expect((await run('orphan', '--all', '--help')).out).toBe(orphanUsage());
});

test.each(['start', 'constructor', '__proto__'])('an unknown command ends with code 2: %s', async (name) => {
  expect(await run(name)).toEqual({
    code: 2,
    out: '',
    err: `bedrock-monitor: unknown command ${name}: see --help\n`,
  });
});

describe('a mistake of the caller’s ends with code 2 and a sentence', () => {
  const mistakes: [argv: readonly string[], message: string][] = [
    [[], 'which monitors? Give --all, or NAMESPACE/NAME'],
    [['--yes'], 'which monitors? Give --all, or NAMESPACE/NAME'],
    [['--all', 'genai/production'], '--all and genai/production: give one or the other'],
    [['--namespace=genai'], '--namespace goes with --all: name monitors as NAMESPACE/NAME'],
    [['--namespace=genai', 'genai/a'], '--namespace goes with --all: name monitors as NAMESPACE/NAME'],
    [
      ['--all', '--namespace='],
      '--namespace: "" is no namespace name: use at most 63 lower-case letters, digits and -',
    ],
    [['production'], '"production" names no monitor: use NAMESPACE/NAME'],
    [['genai/'], '"genai/" names no monitor: use NAMESPACE/NAME'],
    [['genai/a/b'], '"genai/a/b" names no monitor: use NAMESPACE/NAME'],
    [['--all', '--yes=please'], '--yes: "please" is not one of true, false'],
    [['--all', '--kubeconfig'], 'flag --kubeconfig needs a value: --kubeconfig=FILE'],
    [['--every'], 'unknown flag --every: see --help'],
  ];
  test.each(mistakes)('orphan %j', async (argv, message) => {
    expect(await run('orphan', ...argv)).toEqual({ code: 2, out: '', err: `bedrock-monitor orphan: ${message}\n` });
  });
});

test('a cluster that cannot be found or reached ends with code 1 and a sentence', async () => {
  const absent = await run('orphan', '--all', '--kubeconfig=/nowhere/at/all');
  expect(absent).toMatchObject({ code: 1, out: '', err: expect.stringContaining('/nowhere/at/all') });

  const folder = await mkdtemp(join(tmpdir(), 'bedrock-monitor-orphan-'));
  const api = await startKubernetesApi();
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, api.kubeconfig());
  await api.close();
  const closed = await run('orphan', '--all', '--yes', `--kubeconfig=${kubeconfig}`);
  await rm(folder, { recursive: true });
  expect(closed).toMatchObject({ code: 1, out: '' });
  expect(closed.err).toMatch(/^bedrock-monitor orphan: .*: the API server cannot be reached: /);
});
