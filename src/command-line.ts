import { parseArgs } from 'node:util';

/** A flag, as the command line, the environment and `--help` know it. */
export interface Flag {
  readonly name: string;
  /** The variable that is read where the flag is absent. */
  readonly env?: string;
  readonly default?: string;
  readonly metavar: string;
  /** What the flag means without a value; absent: it needs one. */
  readonly bare?: string;
  readonly about: string;
}

/** A mistake of the caller's, told in a sentence: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command line, taken apart. */
export interface Words {
  /** Values as given, by flag; the last of a repeated flag wins. */
  readonly given: ReadonlyMap<string, string>;
  /** Words that are no flags, in order. */
  readonly others: readonly string[];
}

/** Throws UsageError. Tokens are judged here, because parseArgs' own errors speak of its options, not of ours. */
export function readWords(argv: readonly string[], flags: readonly Flag[]): Words {
  const options = Object.fromEntries(
    flags.map(({ name, bare }) => [name, { type: bare === undefined ? 'string' : 'boolean' } as const]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const given = new Map<string, string>();
  const others: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      others.push(token.value);
      continue;
    }
    const flag = flags.find(({ name }) => name === token.name);
    if (flag === undefined) throw new UsageError(`unknown flag ${token.rawName}: see --help`);
    const value = token.value ?? flag.bare;
    if (value === undefined || (token.inlineValue === false && value.startsWith('--'))) {
      throw new UsageError(`flag ${token.rawName} needs a value: ${token.rawName}=${flag.metavar}`);
    }
    given.set(flag.name, value);
  }
  return { given, others };
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Checked values. A flag wins over its variable, that over its default. Both throw UsageError, which names the source. */
export interface FlagValues {
  /** Undefined where nothing was set and there is no default. */
  optional<T>(name: string, parse: (value: string) => T): T | undefined;
  required<T>(name: string, parse: (value: string) => T): T;
}

export function flagValues(
  flags: readonly Flag[],
  given: ReadonlyMap<string, string>,
  env: Environment = {},
): FlagValues {
  function optional<T>(name: string, parse: (value: string) => T): T | undefined {
    const flag = flags.find((one) => one.name === name);
    const variable = flag?.env;
    const fromFlag = given.get(name);
    const fromEnv = variable === undefined ? undefined : env[variable] || undefined;
    const value = fromFlag ?? fromEnv ?? flag?.default;
    if (value === undefined) return undefined;
    try {
      return parse(value);
    } catch (error) {
      const source = fromFlag === undefined && fromEnv !== undefined ? `variable ${variable}` : `--${name}`;
      const why = error instanceof Error ? error.message : String(error);
      throw new UsageError(`${source}: ${JSON.stringify(value)} ${why}`, { cause: error });
    }
  }
  return {
    optional,
    required(name, parse) {
      const value = optional(name, parse);
      if (value === undefined) throw new UsageError(`flag --${name} is missing`);
      return value;
    },
  };
}

const WIDTH = 100;
const COLUMN = 36;

/** The lines of `--help` on flags. */
export function describeFlags(flags: readonly Flag[]): readonly string[] {
  return flags.flatMap((flag) => {
    const value = flag.metavar === '' ? '' : `=${flag.metavar}`;
    const notes = [
      ...(flag.default === undefined ? [] : [`Default: ${flag.default}.`]),
      ...(flag.env === undefined ? [] : [`Variable: ${flag.env}.`]),
    ];
    return describeEntry(`--${flag.name}${value}`, [flag.about, ...notes].join(' '));
  });
}

/** One entry of `--help`: its text beside it, broken to fit a terminal. */
export function describeEntry(entry: string, about: string): readonly string[] {
  const left = `  ${entry}`.padEnd(COLUMN);
  return wrap(about, WIDTH - COLUMN).map((line, index) => `${index === 0 ? left : ' '.repeat(COLUMN)}${line}`);
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
