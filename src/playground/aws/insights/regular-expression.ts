import type { AwsError } from '../errors.ts';

/**
 * A pattern of a query. Insights has the syntax of RE2, so `(?i)` in front is known, and what RE2 lacks, looking
 * around and references back, is refused.
 */
export function regularExpression(source: string, refuse: (message: string) => AwsError): RegExp {
  const { flags = '', pattern = source } = /^\(\?(?<flags>[ims]+)\)(?<pattern>[\s\S]*)$/.exec(source)?.groups ?? {};
  const bare = pattern.replaceAll(/\\[^1-9k]/g, '');
  if (/\(\?(?:[=!]|<[=!])|\\[1-9k]/.test(bare))
    throw refuse('the regular expression looks around or refers back, which Insights cannot');
  try {
    return new RegExp(pattern.replaceAll('(?P<', '(?<'), flags);
  } catch {
    throw refuse('the regular expression is not valid');
  }
}
