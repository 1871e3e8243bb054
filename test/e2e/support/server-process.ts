import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server that runs until it is stopped, or until this process is gone, however that ends. */
export interface ServerProcess {
  readonly pid: number;
  /** False once it has ended, by itself or not. */
  running(): boolean;
  /** Null while it runs, and where a signal ended it. */
  exitCode(): number | null;
  /** SIGSTOP: it keeps its connections and answers nothing until `resume`. Resolves once it has stopped. */
  pause(): Promise<void>;
  resume(): void;
  /** SIGTERM, and SIGKILL where that has not ended it after `graceMs`; with 0, SIGKILL at once. */
  stop(graceMs: number): Promise<void>;
  /** The end of its log, for a message that says why it failed. */
  lastWords(): Promise<string>;
}

interface ServerOptions {
  readonly cwd?: string;
  /** On top of this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `program`; what it prints is appended to the file `logPath`. */
export function startServer(
  program: string,
  args: readonly string[],
  logPath: string,
  { cwd, env }: ServerOptions = {},
): ServerProcess {
  const log = openSync(logPath, 'a');
  // Its own process group: Ctrl-C in the terminal reaches the test runner only, which then stops it in order.
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be started`);
  const exited = once(child, 'exit');
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const guard = guardOf(pid);
  child.once('exit', () => guard.kill('SIGKILL'));

  return {
    pid,
    running,
    exitCode: () => child.exitCode,
    pause: async () => {
      child.kill('SIGSTOP');
      while (running() && !(await isStopped(pid))) await sleep(1);
    },
    resume: () => void child.kill('SIGCONT'),
    stop: async (graceMs) => {
      if (!running()) return;
      child.kill('SIGCONT');
      if (graceMs > 0) {
        child.kill('SIGTERM');
        await Promise.race([exited, sleep(graceMs, undefined, { ref: false })]);
      }
      child.kill('SIGKILL');
      await exited;
    },
    lastWords: async () => (await readFile(logPath, 'utf8')).trimEnd().split('\n').slice(-25).join('\n'),
  };
}

/** The signal stops one thread after another. Where there is no /proc, it is taken to be at once. */
async function isStopped(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const states = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => ') T')),
  );
  // The state follows the name, which may hold anything, in parentheses (proc_pid_stat).
  return states.every((stat) => stat.slice(stat.lastIndexOf(')') + 2).startsWith('T'));
}

/** Outlives this process if it is killed: its standard input ends with us, and then so does the server. */
function guardOf(pid: number): ChildProcess {
  const script = 'cat >/dev/null; kill -9 "$1" 2>/dev/null';
  const guard = spawn('sh', ['-c', script, 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  return guard;
}
