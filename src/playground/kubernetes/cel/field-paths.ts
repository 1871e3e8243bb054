import { child } from '../field-error.ts';
import type { Schema } from '../schema/structural-schema.ts';
import { valueSchema } from '../schema/structural-schema.ts';

/** A rule's `fieldPath` (`.spec.size`, `['a.b']`) as error paths are written, or undefined where it is no path of the schema. */
export function normalizeFieldPath(path: string, schema: Schema): string | undefined {
  let current: Schema | undefined = schema;
  let normalized = '';
  let rest = path.trim();
  while (rest !== '') {
    const step: RegExpExecArray | null = /^(?:\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\])/.exec(rest);
    if (step === null || current === undefined) return undefined;
    const name: string = step[1] ?? (step[2] ?? '').replace(/\\(.)/g, '$1');
    const property: Schema | undefined = current.properties?.[name];
    const value: Schema | undefined = property ?? valueSchema(current);
    if (value === undefined) return undefined;
    normalized = property === undefined ? `${normalized}[${name}]` : child(normalized, name);
    current = value;
    rest = rest.slice(step[0].length);
  }
  return normalized;
}
