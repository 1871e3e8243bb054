import type { Json, JsonObject } from '#src/domain/json.ts';
import { list, number, text } from './members.ts';

/** A DashboardValidationMessage. */
export interface DashboardMessage extends JsonObject {
  readonly DataPath: string;
  readonly Message: string;
}

/** What is found in a body: errors refuse it, warnings come with success. */
export interface Findings {
  readonly errors: readonly DashboardMessage[];
  readonly warnings: readonly DashboardMessage[];
}

export function joined(findings: readonly Findings[]): Findings {
  return {
    errors: findings.flatMap(({ errors }) => errors),
    warnings: findings.flatMap(({ warnings }) => warnings),
  };
}

export function errors(...messages: readonly (readonly DashboardMessage[])[]): Findings {
  return { errors: messages.flat(), warnings: [] };
}

export function at(DataPath: string, Message: string): DashboardMessage {
  return { DataPath, Message };
}

/** Members that AWS does not know are kept and warned of. */
export function unknownMembers(value: JsonObject, known: readonly string[], path: string): Findings {
  const strange = Object.keys(value).filter((member) => !known.includes(member));
  return {
    errors: [],
    warnings: strange.map((member) => at(`${path}/${member}`, 'Should NOT have additional properties')),
  };
}

export function requireText(value: JsonObject, member: string, path: string): readonly DashboardMessage[] {
  return text(value, member) === undefined ? [at(path, `Should have required property "${member}"`)] : [];
}

export function oneOf(
  value: JsonObject,
  member: string,
  allowed: readonly string[],
  path: string,
): readonly DashboardMessage[] {
  const given = value[member];
  return given === undefined || (typeof given === 'string' && allowed.includes(given))
    ? []
    : [at(`${path}/${member}`, `Should be equal to one of the allowed values: ${allowed.join(', ')}`)];
}

export function range(
  value: JsonObject,
  member: string,
  min: number,
  max: number,
  path: string,
): readonly DashboardMessage[] {
  const given = value[member];
  if (given === undefined) return [];
  if (typeof given !== 'number' || !Number.isInteger(given)) return [at(`${path}/${member}`, 'Should be integer')];
  if (given < min) return [at(`${path}/${member}`, `Should be >= ${min}`)];
  return given > max ? [at(`${path}/${member}`, `Should be <= ${max}`)] : [];
}

export function size(
  value: JsonObject,
  member: string,
  min: number,
  max: number,
  path: string,
): readonly DashboardMessage[] {
  const { length } = list(value, member) ?? [];
  if (length < min) return [at(`${path}/${member}`, `Should NOT have fewer than ${min} items`)];
  return length > max ? [at(`${path}/${member}`, `Should NOT have more than ${max} items`)] : [];
}

/** A text of at most so many characters, or nothing. */
export function short(value: JsonObject, member: string, max: number, path: string): readonly DashboardMessage[] {
  const given = value[member];
  if (given === undefined) return [];
  if (typeof given !== 'string') return [at(`${path}/${member}`, 'Should be string')];
  return given.length > max ? [at(`${path}/${member}`, `Should NOT be longer than ${max} characters`)] : [];
}

/** Whole minutes. */
export function period(value: JsonObject, path: string): readonly DashboardMessage[] {
  const given = number(value, 'period');
  return value['period'] === undefined || (given !== undefined && given >= 60 && given % 60 === 0)
    ? []
    : [at(`${path}/period`, 'Should be a multiple of 60')];
}

export function accountID(value: JsonObject, path: string): readonly DashboardMessage[] {
  const given: Json | undefined = value['accountId'];
  return given === undefined || (typeof given === 'string' && /^\d{12}$/.test(given))
    ? []
    : [at(`${path}/accountId`, 'Should match pattern "^[0-9]{12}$"')];
}
