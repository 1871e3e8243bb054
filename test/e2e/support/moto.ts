import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cached } from './cache.ts';
import { freePort } from './free-port.ts';
import { output, run } from './run.ts';
import { startServer } from './server-process.ts';

const VERSION = '5.2.5';
const STARTS_WITHIN_MS = 30_000;

/** An AWS that others wrote, to tell whether our simulator and our handlers err together. */
export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Whether this machine can have it: it is a Python package, installed once into the cache. */
export async function hasPython(): Promise<boolean> {
  return (await run('python3', ['-m', 'pip', '--version'])).code === 0;
}

/** Starts moto's server on a free port of loopback. */
export async function startMoto(): Promise<Moto> {
  const python = (await output('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])).trim();
  const packages = await cached(`moto-${VERSION}-python${python}`, async (directory) => {
    await output('python3', ['-m', 'pip', 'install', '--quiet', '--target', directory, `moto[server]==${VERSION}`]);
  });
  const directory = await mkdtemp(join(tmpdir(), 'moto-'));
  const port = await freePort();
  const code = 'import sys; from moto.server import main; sys.exit(main(sys.argv[1:]))';
  const server = startServer('python3', ['-c', code, '-H', '127.0.0.1', '-p', String(port)], join(directory, 'log'), {
    env: { PYTHONPATH: packages },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await server.stop(1_000);
    await rm(directory, { recursive: true, force: true });
  };
  for (const start = performance.now(); performance.now() - start < STARTS_WITHIN_MS && server.running(); ) {
    if (await answers(endpoint)) return { endpoint, stop };
    await sleep(100);
  }
  const words = await server.lastWords();
  await stop();
  throw new Error(`moto did not start:\n${words}`);
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(`${endpoint}/moto-api/`).then(
    ({ ok }) => ok,
    () => false,
  );
}
