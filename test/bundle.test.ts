import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usage } from '#src/flags.ts';
import type { Bundle } from '#test/support/bundled-operator.ts';
import { bundle, startBundled, startSurroundings } from '#test/support/bundled-operator.ts';
import packageJson from '../package.json' with { type: 'json' };

const { version } = packageJson;

const run = promisify(execFile);

describe('the bundle that the image carries', () => {
  let built: Bundle;
  beforeAll(async () => {
    built = await bundle();
  });
  afterAll(() => built?.remove());

  test('says its flags and its version', async () => {
    const { stdout } = await run(process.execPath, [built.file, '--help']);
    expect(stdout).toBe(usage());
    expect((await run(process.execPath, [built.file, '--version'])).stdout).toBe(`bedrock-monitor ${version}\n`);
  });

  test('ends with code 2 and a sentence when a flag is wrong', async () => {
    await expect(run(process.execPath, [built.file, '--resync=5x'])).rejects.toMatchObject({
      code: 2,
      stderr: 'bedrock-monitor: --resync: "5x" is not a duration such as 30s, 10m or 1h30m\n',
    });
  });

  test('runs commands as the package names it, and ends with their exit code', async () => {
    expect(packageJson.bin).toEqual({ 'bedrock-monitor': built.output });
    expect(await readFile(built.file, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const around = await startSurroundings();
    const kubeconfig = around.args.filter((arg) => arg.startsWith('--kubeconfig='));
    const orphan = await run(process.execPath, [built.file, 'orphan', '--all', ...kubeconfig]);
    expect(orphan).toEqual({ stdout: 'There are no such monitors.\n\n', stderr: '' });
    await around.close();
    await expect(run(process.execPath, [built.file, 'orphans'])).rejects.toMatchObject({
      code: 2,
      stderr: 'bedrock-monitor: unknown command orphans: see --help\n',
    });
  });

  test('leads, answers its probes, and stops when told', async () => {
    const around = await startSurroundings();
    const operator = await startBundled(built, around);
    for (const probe of ['healthz', 'readyz']) {
      const { status } = await fetch(`${operator.healthURL}/${probe}`);
      expect(`${probe} ${status}`).toBe(`${probe} 200`);
    }
    const metrics = await (await fetch(`${operator.metricsURL}/metrics`)).text();
    expect(metrics).toContain(`bedrockmonitor_build_info{version="${version}"`);
    expect(await operator.stop()).toBe(0);
    await around.close();
  });
});
