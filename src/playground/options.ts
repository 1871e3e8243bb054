import { parseArgs } from 'node:util';

/** What the command line of the playground says. */
export interface Options {
  /** Of the Kubernetes API; 0 takes a free one. */
  readonly port: number;
  /** Of the AWS simulator; 0 takes a free one. */
  readonly awsPort: number;
  readonly examples: string;
  readonly once: boolean;
  /** How long the examples may take to be where they should be. */
  readonly timeoutMs: number;
  readonly verbose: boolean;
}

export const usage = `Usage: npm run playground -- [options]

Starts an embedded Kubernetes API and a simulated AWS on loopback, runs the operator against both, applies the examples,
shows what becomes of them, and stays up for kubectl until Ctrl-C.

  --once               end as soon as every example is where its first line says (# expect: Ready=True InSync);
                       exit 0, or 1 with what is not
  --timeout=DURATION   how long that may take, as in 90s or 2m. Default: 60s.
  --examples=DIR       apply the *.yaml files in there. Default: examples.
  --port=PORT          of the Kubernetes API. Default: any free one.
  --aws-port=PORT      of the AWS simulator. Default: any free one.
  --verbose            print what the operator logs; without it only its warnings
  --help               show this and exit
`;

/** A mistake on the command line, told in a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** `examples` is the default of --examples. Undefined: help was asked for. Throws UsageError. */
export function parseOptions(args: readonly string[], examples: string): Options | undefined {
  const { values } = parse(args);
  if (values.help === true) return undefined;
  return {
    port: port('port', values.port),
    awsPort: port('aws-port', values['aws-port']),
    examples: values.examples ?? examples,
    once: values.once ?? false,
    timeoutMs: duration(values.timeout ?? '60s'),
    verbose: values.verbose ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'aws-port': { type: 'string' },
        examples: { type: 'string' },
        timeout: { type: 'string' },
        once: { type: 'boolean' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}: see --help`, { cause });
  }
}

function port(name: string, value = '0'): number {
  const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (number <= 65_535) return number;
  throw new UsageError(`--${name}: ${value} is not a port from 0 to 65535`);
}

function duration(value: string): number {
  const [, count, unit] = /^(\d{1,5})(s|m)$/.exec(value) ?? [];
  if (count === undefined) throw new UsageError(`--timeout: ${value} is not a duration such as 90s or 2m`);
  return Number(count) * (unit === 'm' ? 60_000 : 1_000);
}
