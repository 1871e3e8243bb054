import type { Reason } from '#src/api/reasons.ts';
import type { Part, Remark } from './types.ts';

/** The part is not as the spec says, and the entry at `path` is left out: somebody must act, or wait. */
export function blocked(part: Part, path: string, reason: Reason, message: string): Remark {
  return { part, path, reason, message, note: false };
}

/** The part is as the spec says; the message is worth reading all the same. */
export function noted(part: Part, path: string, reason: Reason, message: string): Remark {
  return { part, path, reason, message, note: true };
}

/** At most `limit` items, then how many are left: condition messages end at 1,024 characters. */
export function listed(items: readonly string[], limit = 10): string {
  const rest = items.length - limit;
  return rest > 0 ? `${items.slice(0, limit).join(', ')} and ${rest} more` : items.join(', ');
}
