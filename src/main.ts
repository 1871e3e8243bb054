#!/usr/bin/env node
import { parseConfig } from './config.ts';
import { startProcess } from './operator/process.ts';
import { createLog } from './telemetry/log.ts';

const parsed = parseConfig(process.argv.slice(2), process.env);
if (parsed.kind === 'print') {
  // A reader that has seen enough, such as head, closes the pipe.
  process.stdout.on('error', () => process.exit());
  process.stdout.write(parsed.text);
} else if (parsed.kind === 'usage-error') {
  process.stderr.write(`bedrock-monitor: ${parsed.message}\n`);
  process.exitCode = 2;
} else {
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
