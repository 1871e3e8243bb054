import type { Json } from '#src/domain/json.ts';
import { equal } from '../json-value.ts';
import type { Schema } from '../schema/structural-schema.ts';
import type { FieldPath, FieldSet } from './field-set.ts';
import { fieldSet } from './field-set.ts';
import { partsByElement, partsOf } from './structure.ts';

/** What applying this configuration owns: its leaves, the items of its lists, and the entries of its free maps. */
export function ownedFields(value: Json, schema: Schema): FieldSet {
  return fieldSet(collect(value, schema, []));
}

function collect(value: Json, schema: Schema | undefined, path: FieldPath): FieldPath[] {
  const parts = partsOf(value, schema);
  if (parts === undefined) return [path];
  return parts.flatMap((part) => {
    const here = [...path, part.element];
    const below = collect(part.value, part.schema, here);
    const empty = part.value === null || (typeof part.value === 'object' && Object.keys(part.value).length === 0);
    return part.declared && !empty ? below : [here, ...below];
  });
}

export interface Comparison {
  /** Added or modified. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

/** The paths at which two versions of an object differ. A part that is new or gone counts with all that it holds. */
export function compareFields(before: Json, after: Json, schema: Schema): Comparison {
  const changed: FieldPath[] = [];
  const removed: FieldPath[] = [];
  walk(before, after, schema, [], changed, removed);
  return { changed: fieldSet(changed), removed: fieldSet(removed) };
}

function walk(
  before: Json | undefined,
  after: Json | undefined,
  schema: Schema | undefined,
  path: FieldPath,
  changed: FieldPath[],
  removed: FieldPath[],
): void {
  if (before !== undefined && after !== undefined && equal(before, after)) return;
  const old = before === undefined ? undefined : partsOf(before, schema);
  const now = after === undefined ? undefined : partsOf(after, schema);
  const isWhole =
    (old ?? now) === undefined ||
    (before !== undefined && after !== undefined && (old === undefined || now === undefined));
  if (isWhole || before === undefined || after === undefined) {
    if (after === undefined) removed.push(path);
    else if (path.length > 0) changed.push(path);
    if (isWhole) return;
  }
  const left = partsByElement(before, schema);
  const right = partsByElement(after, schema);
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const one = left.get(element);
    const other = right.get(element);
    walk(one?.value, other?.value, (other ?? one)?.schema, [...path, element], changed, removed);
  }
}
