import { createHash } from 'node:crypto';
import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { LoggingBucket } from '#src/domain/resource.ts';

/** Days, for ever, or undefined: not the same for all. */
type Expiration = LoggingBucket['expirationInDays'];

/** By this our rules are known among those of others. */
const PREFIX = 'bedrockmonitor-';

/** One rule for each folder: only what Bedrock delivers expires, whatever else lies in the bucket. */
function expirationRule(folder: string, days: number): LifecycleRule {
  return { ID: ruleID(folder), Status: 'Enabled', Filter: { Prefix: folder }, Expiration: { Days: days } };
}

/** When what lies in these folders expires by our rules; where none is named, by all rules of ours. */
export function expirationOf(rules: readonly LifecycleRule[], folders: readonly string[]): Expiration {
  const ours = rules.flatMap(({ ID = '', Filter }) => (ID.startsWith(PREFIX) ? [Filter?.Prefix ?? ''] : []));
  const all = (folders.length > 0 ? folders : ours).map((folder) => daysIn(rules, folder));
  const [first = 'NeverExpire'] = all;
  return all.every((one) => one === first) ? first : undefined;
}

/**
 * The rules with ours for these folders as declared: those of others, and of folders that were delivered to before, stay.
 * For ever is a rule that is switched off: S3 takes no empty list of rules.
 */
export function withExpiration(
  rules: readonly LifecycleRule[],
  folders: readonly string[],
  expiration: number | 'NeverExpire',
): readonly LifecycleRule[] {
  return folders.reduce<readonly LifecycleRule[]>((all, folder) => {
    const id = ruleID(folder);
    const known = all.find(({ ID }) => ID === id);
    if (daysIn(all, folder) === expiration) return all;
    if (expiration === 'NeverExpire') return all.map((one) => (one.ID === id ? { ...one, Status: 'Disabled' } : one));
    const rule = expirationRule(folder, expiration);
    return known === undefined ? [...all, rule] : all.map((one) => (one.ID === id ? rule : one));
  }, rules);
}

function daysIn(rules: readonly LifecycleRule[], folder: string): number | 'NeverExpire' | undefined {
  const rule = rules.find(({ ID, Status }) => ID === ruleID(folder) && Status === 'Enabled');
  if (rule === undefined) return 'NeverExpire';
  // What others made of our rule is no expiration of ours.
  return rule.Filter?.Prefix === folder ? rule.Expiration?.Days : undefined;
}

/** IDs have at most 255 characters, and prefixes of keys up to 1,024. */
function ruleID(folder: string): string {
  return `${PREFIX}${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
}
