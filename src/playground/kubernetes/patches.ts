import type { Json, JsonObject } from '#src/domain/json.ts';
import { equal, isList, isObject } from './json-value.ts';
import { StatusError } from './status-error.ts';

/** RFC 7386. Strategic merge directives (`$patch`, `$setElementOrder/…`) are dropped. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value);
  }
  return merged;
}

/** RFC 6902. Throws 422 where an operation cannot be done, with the words of the API server's library. */
export function jsonPatch(target: Json, patch: Json): Json {
  let current = target;
  for (const operation of isList(patch) ? patch : [patch])
    current = apply(current, isObject(operation) ? operation : {});
  return current;
}

function apply(target: Json, operation: JsonObject): Json {
  const path = pointer(operation['path']);
  switch (operation['op']) {
    case 'add':
      return put(target, path, valueOf(operation), true);
    case 'replace':
      return put(target, path, valueOf(operation), false);
    case 'remove':
      find(target, path);
      return remove(target, path);
    case 'test':
      if (equal(find(target, path), operation['value'] ?? null)) return target;
      throw refused();
    case 'copy':
      return put(target, path, find(target, pointer(operation['from'])), true);
    case 'move': {
      const from = pointer(operation['from']);
      return put(remove(target, from), path, find(target, from), true);
    }
    default:
      throw refused();
  }
}

function valueOf(operation: JsonObject): Json {
  const { value } = operation;
  if (value === undefined) throw refused();
  return value;
}

function pointer(text: Json | undefined): readonly string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/'))) throw refused();
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The API server does not say which operation it was. */
function refused(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

function find(target: Json, path: readonly string[]): Json {
  let current: Json | undefined = target;
  for (const key of path) {
    if (isList(current)) current = current[Number(key)];
    else current = isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
    if (current === undefined) throw refused();
  }
  return current;
}

function put(target: Json, path: readonly string[], value: Json, insert: boolean): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isList(target)) {
    const index = key === '-' ? target.length : Number(key);
    if (!Number.isInteger(index) || index < 0 || index > target.length) throw refused();
    if (rest.length > 0) return target.with(index, put(target[index] ?? null, rest, value, insert));
    return insert ? target.toSpliced(index, 0, value) : target.with(index, value);
  }
  if (!isObject(target)) throw refused();
  if (rest.length === 0) return { ...target, [key]: value };
  const member = Object.hasOwn(target, key) ? target[key] : undefined;
  if (member === undefined) throw refused();
  return { ...target, [key]: put(member, rest, value, insert) };
}

function remove(target: Json, path: readonly string[]): Json {
  const [key = '', ...rest] = path;
  if (isList(target)) {
    const index = Number(key);
    return rest.length === 0 ? target.toSpliced(index, 1) : target.with(index, remove(target[index] ?? null, rest));
  }
  if (!isObject(target)) return target;
  if (rest.length > 0) return { ...target, [key]: remove(target[key] ?? null, rest) };
  return Object.fromEntries(Object.entries(target).filter(([name]) => name !== key));
}
