import { UsageError } from '#src/command-line.ts';
import type { CommandName } from '#src/flags.ts';
import type { Command, ExitCode, Terminal } from './command.ts';
import { orphan } from './orphan.ts';

/** A command without code does not compile. */
const runners: Readonly<Record<CommandName, Command>> = { orphan };

/** Runs the command of that name to its end. Never rejects: what goes wrong is told in a sentence. */
export async function runCommand(name: string, argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const known = new Map<string, Command>(Object.entries(runners));
  const run = known.get(name);
  if (run === undefined) {
    terminal.err(`bedrock-monitor: unknown command ${name}: see --help\n`);
    return 2;
  }
  try {
    return await run(argv, terminal);
  } catch (error) {
    terminal.err(`bedrock-monitor ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
