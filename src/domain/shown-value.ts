import { createHash } from 'node:crypto';
import type { Json } from './json.ts';

/** The bound of a value in plan and drift. */
const VALUE_LIMIT = 128;

/**
 * A value as plan and drift show it: JSON, and of one that is too long only its hash and length, so that two long
 * bodies that differ are seen to differ. Undefined stays undefined: there is none.
 */
export function shownValue(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value);
  if (text.length <= VALUE_LIMIT) return text.toWellFormed();
  return `sha256:${hashOf(text).slice(0, 16)} (${text.length} characters)`;
}

/** The hexadecimal SHA-256 of a text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
