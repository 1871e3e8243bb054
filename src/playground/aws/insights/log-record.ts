import type { Json } from '#src/domain/json.ts';
import { type Value, valueOf } from './value.ts';

/** What is known of one event before any command. */
export interface LogRecord {
  readonly timestamp: number;
  /** As the reader sees it. */
  readonly message: string;
  readonly ingestionTime: number;
  readonly logStream: string;
  /** `<account>:<log group>`. */
  readonly log: string;
  readonly pointer: string;
  /** Whether fields are discovered in it: AWS does so in log groups of class Standard only. */
  readonly discovers: boolean;
  /** Without masking, for `unmask`. */
  readonly unmasked?: LogRecord;
}

/** "can extract a maximum of 200 log event fields from a JSON log" (Supported logs and discovered fields, user guide). */
const MOST_FIELDS = 200;

const discovered = new WeakMap<LogRecord, ReadonlyMap<string, Value>>();

/** A field of an event: one that AWS generates, or one of the first 200 leaves of the JSON in it, by its dotted path. */
export function fieldOf(record: LogRecord, name: string): Value {
  switch (name) {
    case '@timestamp':
      return { millis: record.timestamp };
    case '@ingestionTime':
      return { millis: record.ingestionTime };
    case '@message':
      return record.message;
    case '@logStream':
      return record.logStream;
    case '@log':
      return record.log;
    case '@ptr':
      return record.pointer;
  }
  if (!record.discovers) return undefined;
  const known = discovered.get(record) ?? leaves(fragment(record.message));
  discovered.set(record, known);
  return known.get(name);
}

/** The whole message, or the first JSON object in its text. */
function fragment(message: string): Json | undefined {
  const start = message.indexOf('{');
  if (start < 0) return undefined;
  const end = message.lastIndexOf('}');
  try {
    const json: Json = JSON.parse(message.slice(start, end + 1));
    return json;
  } catch {
    return undefined;
  }
}

/** Leaves in document order, list items by their index. An `@` in front of a name is doubled. */
function leaves(json: Json | undefined): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  const visit = (value: Json, path: string) => {
    if (found.size >= MOST_FIELDS) return;
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
    } else if (value !== null) {
      found.set(path.startsWith('@') ? `@${path}` : path, valueOf(value));
    }
  };
  if (json !== undefined) visit(json, '');
  return found;
}
