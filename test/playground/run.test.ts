import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseExpectations } from '#src/playground/expectation.ts';
import { startPlayground } from '#src/playground/playground.ts';
import type { RunOptions } from '#src/playground/run.ts';
import { runPlayground } from '#src/playground/run.ts';
import { createScreen } from '#src/playground/screen.ts';
import { silentLog } from '#src/telemetry/log.ts';
import { run } from '#test/e2e/support/run.ts';
import type { Example } from '#test/support/examples.ts';
import { examples } from '#test/support/examples.ts';

const root = join(import.meta.dirname, '../..');

/** What an example's first lines say of each of its monitors. */
function named({ text, monitors }: Example): readonly string[] {
  const names = monitors.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return [...parseExpectations(text, names)].map(([name, { status, reason }]) => `${name} ${status} ${reason}`);
}

const alarmOnly = `
apiVersion: bedrockmonitor.io/v1alpha1
kind: BedrockMonitor
metadata: {name: a, namespace: genai}
spec: {region: us-east-1, alarms: [{name: throttling, preset: Throttling}]}
`;

describe('npm run playground', () => {
  const main = (...args: readonly string[]) =>
    run(process.execPath, [join(root, 'src/playground/main.ts'), ...args], { cwd: root });

  test('--once brings every example to where it says, and prints the table', { timeout: 90_000 }, async () => {
    const { code, stdout, stderr } = await main('--once');
    expect({ code, stderr, stdout }).toMatchObject({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    const head = lines.findIndex((line) => line.startsWith('NAMESPACE'));
    const rows = lines.slice(head, lines.indexOf('', head)).map((line) => line.split(/\s{2,}/));
    expect(lines[head]?.trim().split(/\s+/).join(' ')).toBe(
      'NAMESPACE NAME READY REASON LOGGING MASKING ALARMS FIRING DRIFT AGE',
    );
    const shown = rows.slice(1).map(([namespace, name, ready, reason]) => `${namespace}/${name} ${ready} ${reason}`);
    expect(shown).toEqual(examples.flatMap(named).sort());
    expect(shown.length).toBeGreaterThan(examples.length);
    for (const account of ['444455556666', '777788889999']) expect(stdout).toContain(`AWS account ${account}`);
    expect(stdout).toMatch(/latest record: ".*\*{4}.*"/);
  });

  test('a wrong option ends with 2 and a sentence, --help with 0', async () => {
    expect(await main('--prot=1')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--prot') });
    expect(await main('--help')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--once') });
  });
});

describe('a playground', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bedrock-monitor-playground-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const play = async (
    example: string,
    more: Partial<RunOptions> = {},
    onPrint: (printed: string, stop: () => void) => void = () => undefined,
  ) => {
    const examples = await mkdtemp(join(directory, 'examples-'));
    await writeFile(join(examples, 'a.yaml'), example);
    const stopping = new AbortController();
    let printed = '';
    const screen = createScreen({
      write(said) {
        printed += said;
        onPrint(printed, () => stopping.abort());
      },
    });
    const options = {
      port: 0,
      awsPort: 0,
      examples,
      once: true,
      timeoutMs: 20_000,
      verbose: false,
      kubeconfigPath: join(directory, 'kubeconfig'),
      aws: { consistency: { windowMs: 0 } },
      ...more,
    };
    return { code: await runPlayground(options, screen, stopping.signal), printed };
  };

  test('says which example is not where it should be, and ends with 1', async () => {
    const { code, printed } = await play(`# expect: Ready=False Conflict${alarmOnly}`, { timeoutMs: 0 });
    expect(code).toBe(1);
    expect(printed).toMatch(
      /Not as expected:\ngenai\/a \(.*a\.yaml\): expected Ready=False Conflict, but it is Ready=/,
    );
  });

  test('ends with the sentence of the API server where an example is refused', async () => {
    const refused = alarmOnly.replace('us-east-1', 'us');
    await expect(play(refused)).rejects.toThrow(/a\.yaml: .*must be an AWS Region name such as us-east-1/);
    await expect(play(alarmOnly.replace('region', 'reigon'))).rejects.toThrow('unknown field "spec.reigon"');
  });

  test('stays up with a kubeconfig until it is told to end', async () => {
    const { code, printed } = await play(alarmOnly, { once: false }, (said, stop) => {
      if (said.includes('Ctrl-C')) stop();
    });
    expect(code).toBe(0);
    const path = join(directory, 'kubeconfig');
    expect(printed).toContain(`export KUBECONFIG=${path}\n`);
    const [, server] = /Kubernetes API {2}(\S+)/.exec(printed) ?? [];
    expect(parse(await readFile(path, 'utf8'))).toMatchObject({ clusters: [{ cluster: { server } }] });
    await expect(fetch(`${server}/version`)).rejects.toThrow('fetch failed');
  });

  test('can be ended while it waits', async () => {
    const { code, printed } = await play(`# expect: Ready=False Conflict${alarmOnly}`, {}, (said, stop) => {
      if (said.includes('InSync')) stop();
    });
    expect([code, printed.includes('Not as expected')]).toEqual([0, false]);
  });

  test('says which option frees it from a port that is taken', async () => {
    const first = await startPlayground({ log: silentLog });
    const port = Number(new URL(first.kubernetes.url).port);
    const awsPort = Number(new URL(first.awsURL).port);
    const taken = 'another process uses that port: choose another with';
    await expect(startPlayground({ log: silentLog, port })).rejects.toThrow(`${taken} --port`);
    await expect(startPlayground({ log: silentLog, awsPort })).rejects.toThrow(`${taken} --aws-port`);
    await first.stop();
  });
});
