#!/usr/bin/env node
import { join, relative } from 'node:path';
import { parseOptions, UsageError, usage } from './options.ts';
import { runPlayground } from './run.ts';
import { createScreen } from './screen.ts';

const root = join(import.meta.dirname, '../..');
const stopping = new AbortController();
// A second Ctrl-C ends it at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

try {
  const options = parseOptions(process.argv.slice(2), relative(process.cwd(), join(root, 'examples')) || '.');
  if (options === undefined) process.stdout.write(usage);
  else {
    const kubeconfigPath = join(root, '.playground/kubeconfig');
    process.exitCode = await runPlayground(
      { ...options, kubeconfigPath },
      createScreen(process.stdout),
      stopping.signal,
    );
  }
} catch (error) {
  process.stderr.write(`playground: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
