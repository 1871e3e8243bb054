import { pino, stdTimeFunctions } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * A structured log: a constant message and fields, never formatted text, so that a message can be searched for.
 * Field `error` takes a caught error whole.
 */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The same log with more fields on each line. */
  with(fields: Fields): Log;
}

/** Where lines go: one call a line, newline included. */
export interface LogSink {
  write(line: string): void;
}

/** Fields of these names, at the top or one level below, are written as `[redacted]`. */
const SECRETS = ['authorization', 'password', 'secret', 'secretAccessKey', 'sessionToken', 'token', 'credentials'];

/** JSON lines with `level`, `time` (ISO 8601, UTC), the fields and `msg`; to standard output unless told otherwise. */
export function createLog(level: LogLevel = 'info', sink?: LogSink): Log {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: describeError },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
  };
  return wrap(sink === undefined ? pino(options) : pino(options, sink));
}

/** A log that says nothing. */
export const silentLog: Log = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  with: () => silentLog,
};

function wrap(logger: ReturnType<typeof pino>): Log {
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    with: (fields) => wrap(logger.child(fields)),
  };
}

/**
 * What may be known of an error. Only named members are taken: AWS and HTTP client errors carry the whole request,
 * signed headers included.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    name,
    message,
    ...(typeof code === 'string' && { code }),
    ...(stack !== undefined && { stack }),
    ...(cause instanceof Error && { cause: describeError(cause) }),
  };
}

function ignore(): void {}
