import type { Json, JsonObject } from '#src/domain/json.ts';
import { compare, goJson, isObject } from '../json-value.ts';

/**
 * A path into an object as FieldsV1 spells its elements: `f:name` is a member, `k:{"name":"x"}` an item of a list map,
 * `v:"a"` an item of a set.
 */
export type FieldPath = readonly string[];

/** Paths that somebody owns. */
export interface FieldSet {
  readonly size: number;
  readonly paths: () => readonly FieldPath[];
  readonly has: (path: FieldPath) => boolean;
  /** Whether a path at or below this one is in the set. */
  readonly covers: (path: FieldPath) => boolean;
}

const separator = '\u0000';

export function fieldSet(paths: readonly FieldPath[]): FieldSet {
  const known = new Map(paths.map((path) => [path.join(separator), path]));
  const above = new Set<string>();
  for (const path of known.values()) {
    for (let depth = 0; depth <= path.length; depth += 1) above.add(path.slice(0, depth).join(separator));
  }
  return {
    size: known.size,
    paths: () => [...known.values()],
    has: (path) => known.has(path.join(separator)),
    covers: (path) => above.has(path.join(separator)),
  };
}

export const emptySet = fieldSet([]);

export function union(...sets: readonly FieldSet[]): FieldSet {
  return fieldSet(sets.flatMap((set) => set.paths()));
}

export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return fieldSet(left.paths().filter((path) => !right.has(path)));
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return fieldSet(left.paths().filter((path) => right.has(path)));
}

/** FieldsV1: a tree whose leaves are owned; `.` marks a place that is owned itself beside what is below it. */
export function toFieldsV1(set: FieldSet): JsonObject {
  return treeOf(set.paths());
}

function treeOf(paths: readonly FieldPath[]): JsonObject {
  const below = new Map<string, FieldPath[]>();
  for (const [first, ...rest] of paths) {
    if (first === undefined) continue;
    const rests = below.get(first);
    if (rests === undefined) below.set(first, [rest]);
    else rests.push(rest);
  }
  const entries = [...below]
    .sort(([a], [b]) => compare(a, b))
    .map(([element, rests]): [string, Json] => {
      const subtree = treeOf(rests);
      const own = rests.some((rest) => rest.length === 0);
      return [element, own && Object.keys(subtree).length > 0 ? { '.': {}, ...subtree } : subtree];
    });
  return Object.fromEntries(entries);
}

export function fromFieldsV1(tree: Json | undefined): FieldSet {
  return fieldSet(pathsOf(isObject(tree) ? tree : {}, []));
}

function pathsOf(tree: JsonObject, path: FieldPath): FieldPath[] {
  return Object.entries(tree).flatMap(([element, below]) => {
    if (element === '.') return [path];
    const here = [...path, element];
    return isObject(below) && Object.keys(below).length > 0 ? pathsOf(below, here) : [here];
  });
}

export function memberElement(name: string): string {
  return `f:${name}`;
}

export function keyElement(key: Json): string {
  return `k:${goJson(key)}`;
}

export function valueElement(value: Json): string {
  return `v:${goJson(value)}`;
}

/** `.spec.parts[name="x"].count`, as conflict messages and causes name a path. */
export function pathText(path: FieldPath): string {
  return path.map(elementText).join('');
}

function elementText(element: string): string {
  const body = element.slice(2);
  if (element.startsWith('f:')) return `.${body}`;
  const value: Json = JSON.parse(body);
  if (element.startsWith('v:') || !isObject(value)) return `[=${goJson(value)}]`;
  const pairs = Object.entries(value).map(([name, member]) => `${name}=${goJson(member)}`);
  return `[${pairs.join(',')}]`;
}
