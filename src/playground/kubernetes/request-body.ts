import { parse as parseYaml } from 'yaml';
import type { Json } from '#src/domain/json.ts';
import { child } from './field-error.ts';
import { unrecognized } from './status-error.ts';

export interface ParsedBody {
  readonly value: Json;
  /** Paths of members written twice, as `duplicate field "…"` names them. The last one counts. */
  readonly duplicates: readonly string[];
}

/** Reads a body of JSON, or of YAML where the media type says so (apply patches). Throws 400. */
export function parseBody(text: string, contentType: string, kind: string): ParsedBody {
  try {
    const yaml = contentType.includes('yaml') && !/^\s*[{[]/.test(text);
    const value: Json = yaml ? parseYaml(text) : JSON.parse(text);
    return { value, duplicates: yaml ? [] : duplicateFields(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${why}`, text);
  }
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

interface Level {
  readonly path: string;
  readonly seen: Set<string> | undefined;
  key: string;
  index: number;
}

/** A walk over the tokens of JSON known to be valid: JSON.parse itself keeps the last of two equal keys silently. */
function duplicateFields(text: string): string[] {
  const duplicates: string[] = [];
  const levels: Level[] = [];
  let expectsKey = false;
  for (const [part] of text.matchAll(token)) {
    const level = levels.at(-1);
    if (part === '{' || part === '[') {
      const path =
        level === undefined ? '' : level.seen ? child(level.path, level.key) : `${level.path}[${level.index}]`;
      levels.push({ path, seen: part === '{' ? new Set() : undefined, key: '', index: 0 });
      expectsKey = part === '{';
    } else if (part === '}' || part === ']') {
      levels.pop();
      expectsKey = false;
    } else if (part === ',' && level !== undefined) {
      expectsKey = level.seen !== undefined;
      level.index += 1;
    } else if (expectsKey && part.startsWith('"') && level?.seen !== undefined) {
      const key: string = JSON.parse(part);
      if (level.seen.has(key)) duplicates.push(child(level.path, key));
      level.seen.add(key);
      level.key = key;
      expectsKey = false;
    }
  }
  return duplicates;
}
