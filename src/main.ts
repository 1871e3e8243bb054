#!/usr/bin/env node
import { runCommand } from './cli/commands.ts';
import { parseConfig } from './config.ts';
import { startProcess } from './operator/process.ts';
import { createLog } from './telemetry/log.ts';

const argv = process.argv.slice(2);
const [command, ...rest] = argv;
if (command === undefined || command.startsWith('-')) {
  await operate(argv);
} else {
  process.stdout.on('error', () => process.exit(1));
  process.exitCode = await runCommand(command, rest, {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
}

/** The operator, until it is told to stop. */
async function operate(flags: readonly string[]): Promise<void> {
  const parsed = parseConfig(flags, process.env);
  if (parsed.kind === 'print') {
    // A reader that has seen enough, such as head, closes the pipe.
    process.stdout.on('error', () => process.exit());
    process.stdout.write(parsed.text);
    return;
  }
  if (parsed.kind === 'usage-error') {
    process.stderr.write(`bedrock-monitor: ${parsed.message}\n`);
    process.exitCode = 2;
    return;
  }
  const log = createLog(parsed.config.logLevel);
  try {
    const running = await startProcess(parsed.config, {
      log,
      // A process that has lost its Lease must not act again; the next one starts as a standby.
      onLost(reason) {
        log.error('leadership lost', { reason });
        process.exit(1);
      },
    });
    let stopping = false;
    const stop = (signal: string) => {
      if (stopping) return;
      stopping = true;
      log.info('stopping', { signal });
      void running.stop().then(() => process.exit(0));
    };
    process.once('SIGTERM', () => stop('SIGTERM'));
    process.once('SIGINT', () => stop('SIGINT'));
  } catch (error) {
    log.error('could not start', { error });
    process.exitCode = 1;
  }
}
