import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutations } from './mutations.ts';

const root = resolve(import.meta.dirname, '../..');

describe('a product that breaks a promise', () => {
  it.each(mutations)(
    '$name is noticed by $noticedBy',
    async ({ name, file, from }) => {
      expect(await readFile(resolve(root, file), 'utf8')).toContain(from);
      const report = await runMutated(name);
      expect(report.numFailedTests).toBeGreaterThan(0);
      expect(report.testResults.flatMap(({ message }) => message).join('')).not.toContain('no such line');
    },
    60_000,
  );
});

interface Report {
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly message: string }[];
}

async function runMutated(name: string): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'mutation-'));
  const report = join(folder, 'report.json');
  const args = ['run', '--config', resolve(import.meta.dirname, 'vitest.config.ts')];
  const env = { ...process.env, MUTATION: name, REPORT: report };
  try {
    const said = await run([resolve(root, 'node_modules/vitest/vitest.mjs'), ...args], env);
    return JSON.parse(
      await readFile(report, 'utf8').catch(() => Promise.reject(new Error(`no report:\n${said}`))),
    ) as Report;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 1 << 26 }, (_, stdout, stderr) =>
      done(stdout + stderr),
    );
  });
}
