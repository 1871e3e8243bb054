import type { Log, LogLevel } from '#src/telemetry/log.ts';
import { createLog } from '#src/telemetry/log.ts';

/** A log whose lines are for people: `warn   pass failed  monitor=genai/production error=…`. */
export function tidyLog(level: LogLevel, print: (line: string) => void): Log {
  return createLog(level, { write: (line) => print(tidyLine(line)) });
}

/** One JSON line of the log on one line of text; one that is no JSON stays as it is. */
export function tidyLine(line: string): string {
  const fields = parseObject(line);
  if (fields === undefined) return line.trimEnd();
  const { level, msg, time: _, ...rest } = fields;
  const told = Object.entries(rest).map(([name, value]) => `${name}=${sayValue(value)}`);
  return [`operator ${sayValue(level)}: ${sayValue(msg)}`, ...told].join('  ');
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function sayValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'message' in value) return JSON.stringify(value.message);
  return JSON.stringify(value) ?? '';
}
