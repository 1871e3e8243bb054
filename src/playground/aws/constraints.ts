import type { Json, JsonObject } from '#src/domain/json.ts';
import { type AwsError, serializationException } from './errors.ts';
import { isObject } from './members.ts';

/** What is wrong with a value at a path, in the words of AWS's service framework; empty when nothing is. */
export type Constraint = (value: Json | undefined, path: string) => readonly string[];

/** Constraints by member; the order is that of the message. */
export type Shape = Readonly<Record<string, Constraint>>;

/**
 * Checks a request as AWS's framework does before the service sees it: all violations in one message,
 * `2 validation errors detected: Value '…' at 'logGroupName' failed to satisfy constraint: …; Value null at …`.
 * A member of the wrong type is a SerializationException.
 */
export function check(input: JsonObject, shape: Shape, refuse: (message: string) => AwsError): void {
  const failures = structure(shape)(input, '');
  if (failures.length === 0) return;
  const count = `${failures.length} validation error${failures.length === 1 ? '' : 's'} detected`;
  throw refuse(`${count}: ${failures.join('; ')}`);
}

/** The member must be there. */
export function required(constraint: Constraint): Constraint {
  return (value, path) =>
    value === undefined ? [failure(value, path, 'Member must not be null')] : constraint(value, path);
}

export function string(min = 0, max = Number.POSITIVE_INFINITY, pattern?: RegExp): Constraint {
  return optional((value, path) => {
    if (typeof value !== 'string') throw wrongType(value, path, 'a string');
    return [
      ...(value.length < min ? [failure(value, path, `Member must have length greater than or equal to ${min}`)] : []),
      ...(value.length > max ? [failure(value, path, `Member must have length less than or equal to ${max}`)] : []),
      ...(pattern !== undefined && !pattern.test(value)
        ? [failure(value, path, `Member must satisfy regular expression pattern: ${plain(pattern)}`)]
        : []),
    ];
  });
}

export function oneOf(values: readonly (string | number)[]): Constraint {
  return optional((value, path) => {
    if (typeof value !== 'string' && typeof value !== 'number') throw wrongType(value, path, 'a string');
    if (values.includes(value)) return [];
    return [failure(value, path, `Member must satisfy enum value set: [${values.join(', ')}]`)];
  });
}

export function integer(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Constraint {
  return optional((value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(value, path, 'an integer');
    return [
      ...(value < min ? [failure(value, path, `Member must have value greater than or equal to ${min}`)] : []),
      ...(value > max ? [failure(value, path, `Member must have value less than or equal to ${max}`)] : []),
    ];
  });
}

export function double(): Constraint {
  return optional((value, path) => {
    if (typeof value !== 'number') throw wrongType(value, path, 'a number');
    return [];
  });
}

export function boolean(): Constraint {
  return optional((value, path) => {
    if (typeof value !== 'boolean') throw wrongType(value, path, 'a boolean');
    return [];
  });
}

export function array(min: number, max: number, item: Constraint): Constraint {
  return optional((value, path) => {
    if (!Array.isArray(value)) throw wrongType(value, path, 'a list');
    return [
      ...(value.length < min ? [failure(value, path, `Member must have length greater than or equal to ${min}`)] : []),
      ...(value.length > max ? [failure(value, path, `Member must have length less than or equal to ${max}`)] : []),
      ...value.flatMap((one: Json, index) => item(one, `${path}.${index + 1}.member`)),
    ];
  });
}

export function map(min: number, max: number, key: Constraint, item: Constraint): Constraint {
  return optional((value, path) => {
    if (!isObject(value)) throw wrongType(value, path, 'a map');
    const entries = Object.entries(value);
    return [
      ...(entries.length < min
        ? [failure(value, path, `Member must have length greater than or equal to ${min}`)]
        : []),
      ...(entries.length > max ? [failure(value, path, `Member must have length less than or equal to ${max}`)] : []),
      ...entries.flatMap(([name, one]) => [...key(name, `${path}.key`), ...item(one, `${path}.${name}.member`)]),
    ];
  });
}

export function structure(shape: Shape): Constraint {
  return optional((value, path) => {
    if (!isObject(value)) throw wrongType(value, path, 'a structure');
    return Object.entries(shape).flatMap(([member, constraint]) =>
      constraint(value[member], path === '' ? lowerFirst(member) : `${path}.${lowerFirst(member)}`),
    );
  });
}

function optional(constraint: (value: Json, path: string) => readonly string[]): Constraint {
  return (value, path) => (value === undefined ? [] : constraint(value, path));
}

function failure(value: Json | undefined, path: string, constraint: string): string {
  const shown = value === undefined ? 'null' : `'${typeof value === 'string' ? value : JSON.stringify(value)}'`;
  return `Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}

function wrongType(value: Json, path: string, expected: string): AwsError {
  return serializationException(`${JSON.stringify(value)} at '${path}' can not be converted to ${expected}`);
}

/** AWS prints patterns without anchors. */
function plain(pattern: RegExp): string {
  return pattern.source.replace(/^\^|\$$/g, '');
}

function lowerFirst(member: string): string {
  return member.slice(0, 1).toLowerCase() + member.slice(1);
}
