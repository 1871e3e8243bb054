/** To whom a command speaks. */
export interface Terminal {
  /** Standard output: what was asked for. */
  out(text: string): void;
  /** Standard error: what went wrong, in whole lines. */
  err(text: string): void;
}

/** 0: done. 1: not done, or not all of it. 2: called wrongly. */
export type ExitCode = 0 | 1 | 2;

/**
 * A word after `bedrock-monitor`, with the words after it. Throws UsageError where it was called wrongly; anything else
 * that it throws ends it with code 1 and the error's message.
 */
export type Command = (argv: readonly string[], terminal: Terminal) => Promise<ExitCode>;
