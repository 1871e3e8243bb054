import type { Json } from '#src/domain/json.ts';
import { isList, isObject } from '../json-value.ts';
import type { Schema } from '../schema/structural-schema.ts';
import type { FieldPath, FieldSet } from './field-set.ts';
import { memberElement } from './field-set.ts';
import type { Part } from './structure.ts';
import { partsByElement, partsOf } from './structure.ts';

/** The live value with the applied configuration in it: the configuration wins, part by part. */
export function mergeApplied(live: Json | undefined, applied: Json, schema: Schema | undefined): Json {
  if (live === undefined || partsOf(applied, schema) === undefined || partsOf(live, schema) === undefined)
    return applied;
  if (isObject(live) && isObject(applied)) {
    const schemas = partsByElement(applied, schema);
    const merged: Record<string, Json> = { ...live };
    for (const [key, value] of Object.entries(applied)) {
      const before = Object.hasOwn(live, key) ? live[key] : undefined;
      merged[key] = mergeApplied(before, value, schemas.get(memberElement(key))?.schema);
    }
    return merged;
  }
  return isList(live) && isList(applied) ? mergeItems(live, applied, schema) : applied;
}

/** The order is that of the configuration; what only the live list has keeps its place before what followed it. */
function mergeItems(live: Json, applied: Json, schema: Schema | undefined): Json {
  const old = partsOf(live, schema) ?? [];
  const wanted = partsOf(applied, schema) ?? [];
  const wantedElements = new Set(wanted.map((part) => part.element));
  const oldByElement = new Map(old.map((part) => [part.element, part]));
  const emitted = new Set<string>();
  const result: Json[] = [];
  const emit = (part: Part): void => {
    emitted.add(part.element);
    result.push(mergeApplied(oldByElement.get(part.element)?.value, part.value, part.schema));
  };
  const queue = [...wanted];
  for (const part of old) {
    if (!wantedElements.has(part.element)) {
      result.push(part.value);
      continue;
    }
    while (!emitted.has(part.element)) {
      const next = queue.shift();
      if (next === undefined) break;
      emit(next);
    }
  }
  queue.forEach(emit);
  return result;
}

/** Takes out every part whose path is in `gone` and at or below which nothing is in `kept`. */
export function removeFields(value: Json, schema: Schema, gone: FieldSet, kept: FieldSet): Json {
  return prune(value, schema, [], gone, kept);
}

function prune(value: Json, schema: Schema | undefined, path: FieldPath, gone: FieldSet, kept: FieldSet): Json {
  const parts = partsOf(value, schema);
  if (parts === undefined) return value;
  const left = parts.flatMap((part) => {
    const here = [...path, part.element];
    // A declared object that held something of ours goes with the last of it, as an item does that was ours itself.
    const ours = gone.has(here) || (part.declared && gone.covers(here));
    if (ours && !kept.covers(here)) return [];
    return [{ element: part.element, value: prune(part.value, part.schema, here, gone, kept) }];
  });
  if (isList(value)) return left.map((part) => part.value);
  return Object.fromEntries(left.map((part) => [part.element.slice(2), part.value]));
}
