import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  readonly cwd?: string;
  /** On top of this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Standard error goes to the terminal as it comes, for what takes minutes; it is then empty in the result. */
  readonly progress?: boolean;
}

export interface RunResult {
  /** The exit code; 127 where there is no such program, 128 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Never rejects because of its exit code. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', options.progress === true ? 'inherit' : 'pipe'],
  });
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 128));
  });
  // A program that does not read its input closes it; what it then says matters, not the broken pipe.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.stdin ?? '');
  const [code, stdout, stderr] = await Promise.all([
    ended,
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** The standard output of a program that must succeed. */
export async function output(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}
