import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { apply } from './cluster.ts';
import type { Example } from './examples.ts';
import { readExamples } from './examples.ts';
import { describeHoldings } from './holdings.ts';
import { fetchTable, renderTable } from './monitor-table.ts';
import type { Options } from './options.ts';
import type { Playground, PlaygroundOptions } from './playground.ts';
import { resync, startPlayground } from './playground.ts';
import type { Judgement } from './progress.ts';
import { complain, createChanges, follow, judge } from './progress.ts';
import type { Screen } from './screen.ts';
import { ownAccountID } from './seed.ts';
import { tidyLog } from './tidy-log.ts';
import { playInvocations } from './traffic.ts';

export interface RunOptions extends Options {
  /** Where the kubeconfig goes; not written with `once`. */
  readonly kubeconfigPath: string;
  readonly aws?: NonNullable<PlaygroundOptions['aws']>;
}

/**
 * The playground from start to end: with `once` until the examples are where they should be, else until the signal
 * aborts. Resolves to the exit code. Throws where it cannot start or an example is refused.
 */
export async function runPlayground(options: RunOptions, screen: Screen, signal: AbortSignal): Promise<number> {
  const examples = await readExamples(options.examples);
  const started = performance.now();
  const playground = await startPlayground({
    port: options.port,
    awsPort: options.awsPort,
    ...(options.aws !== undefined && { aws: options.aws }),
    log: tidyLog(options.verbose ? 'info' : 'warn', (line) => screen.print(line)),
  });
  try {
    const { kubernetes, awsURL } = playground;
    screen.print(
      [
        `Kubernetes API  ${kubernetes.url}`,
        `AWS             ${awsURL}`,
        `Operator        watching after ${seconds(performance.now() - started)}`,
        '',
      ].join('\n'),
    );
    const judgements = await playExamples(playground, examples, options.timeoutMs, screen, signal);
    if (signal.aborted) return 0;
    const missed = judgements.filter(({ reached }) => !reached);
    await report(playground, missed, screen, signal);
    if (options.once) return missed.length === 0 ? 0 : 1;
    await invite(playground, options.kubeconfigPath, screen);
    await stayUp(playground, screen, signal);
    return 0;
  } finally {
    screen.show([]);
    await playground.stop();
  }
}

/** Applies the examples and shows how they come along until all are where they should be, or time is up. */
async function playExamples(
  { client, kubernetes }: Playground,
  examples: readonly Example[],
  timeoutMs: number,
  screen: Screen,
  signal: AbortSignal,
): Promise<readonly Judgement[]> {
  for (const { file, objects } of examples) {
    for (const object of objects) {
      try {
        await apply(client, object);
      } catch (cause) {
        throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
      }
    }
    screen.print(`kubectl apply -f ${file}`);
  }
  screen.print('');
  const changes = createChanges();
  let judgements: readonly Judgement[] = [];
  await until(
    follow(
      client,
      async (present, elapsedMs) => {
        judgements = judge(examples, present);
        const reached = judgements.filter((one) => one.reached).length;
        if (screen.live) {
          const progress = `${reached} of ${judgements.length} as expected after ${seconds(elapsedMs)}`;
          screen.show([...(await monitorLines(kubernetes.url, signal)), '', progress]);
        } else {
          for (const line of changes(present)) screen.print(`${seconds(elapsedMs).padStart(7)}  ${line}`);
        }
        return reached === judgements.length || elapsedMs > timeoutMs ? 'done' : 'again';
      },
      signal,
    ),
    signal,
  );
  screen.show([]);
  return judgements;
}

async function report(
  { kubernetes, aws }: Playground,
  missed: readonly Judgement[],
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  if (!screen.live) screen.print('');
  screen.print((await monitorLines(kubernetes.url, signal)).join('\n'));
  playInvocations(aws);
  screen.print(describeHoldings(aws.world).join('\n'));
  if (missed.length > 0) screen.print(['', 'Not as expected:', ...missed.map(complain)].join('\n'));
}

async function invite({ kubernetes, aws, awsURL }: Playground, path: string, screen: Screen): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, kubernetes.kubeconfig(), { mode: 0o600 });
  const keys = aws.account(ownAccountID).credentials();
  screen.print(
    [
      '',
      'In another terminal, for kubectl:',
      `  export KUBECONFIG=${shellWord(path)}`,
      `and for the AWS CLI (what you change there is put right after some ${resync}):`,
      `  export AWS_ENDPOINT_URL=${awsURL} AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=${keys.accessKeyId} AWS_SECRET_ACCESS_KEY=${keys.secretAccessKey}`,
      '',
      'Ctrl-C ends it. What monitors say from here on:',
    ].join('\n'),
  );
}

async function stayUp({ client }: Playground, screen: Screen, signal: AbortSignal): Promise<void> {
  const changes = createChanges();
  let first = true;
  await until(
    follow(
      client,
      (present) => {
        const lines = changes(present);
        const time = new Date().toTimeString().slice(0, 8);
        if (!first) for (const line of lines) screen.print(`${time}  ${line}`);
        first = false;
        return Promise.resolve('again');
      },
      signal,
    ),
    signal,
  );
}

async function monitorLines(server: string, signal: AbortSignal): Promise<readonly string[]> {
  return ['$ kubectl get bedrockmonitors -A', ...renderTable(await fetchTable(server, signal))];
}

/** Being told to end is no failure. */
async function until(work: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
