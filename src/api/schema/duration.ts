import { text } from './shape.ts';

/** CEL test: a Go duration in hours, minutes and seconds. Few digits, so that the API server never overflows. */
const DURATION = '^([0-9]{1,4}h)?([0-9]{1,4}m)?([0-9]{1,5}s)?$';

/** CEL: whether the text at `path` is a duration. Tested before `duration()`, which otherwise fails with its own words. */
export function isDuration(path: string): string {
  return `(${path} != '' && ${path}.matches('${DURATION}'))`;
}

/** CEL: the seconds of the duration at `path`. */
export function seconds(path: string): string {
  return `duration(${path}).getSeconds()`;
}

/** How often a metric is summed up: CloudWatch takes multiples of a minute for metrics of this resolution. */
export function period(description: string) {
  return text(description, { maxLength: 18 }, [
    { rule: isDuration('self'), message: 'must be a duration such as 30s, 5m, 1h or 1h30m' },
    {
      rule: `!${isDuration('self')} || (${seconds('self')} >= 60 && ${seconds('self')} % 60 == 0)`,
      message: 'must be whole minutes: Bedrock publishes metrics once a minute',
    },
  ]);
}

/** A time in whole minutes between two bounds, which are durations themselves. */
export function wholeMinutes(description: string, least: string, most: string) {
  return text(description, { maxLength: 18 }, [
    { rule: isDuration('self'), message: 'must be a duration such as 30s, 5m, 1h or 1h30m' },
    {
      rule: `!${isDuration('self')} || (duration(self) >= duration('${least}') && duration(self) <= duration('${most}') && ${seconds('self')} % 60 == 0)`,
      message: `must be whole minutes between ${least} and ${most}`,
    },
  ]);
}

/** Any duration, none at all too. */
export function duration(description: string) {
  return text(description, { maxLength: 18 }, [
    { rule: isDuration('self'), message: 'must be a duration such as 30s, 5m, 1h or 1h30m' },
  ]);
}

const LATENCY = '^([0-9]{1,4}h)?([0-9]{1,4}m)?([0-9]{1,5}s)?([0-9]{1,6}ms)?$';
const LATENCY_FORM = `(self != '' && self.matches('${LATENCY}'))`;

/** How long an answer may take: a duration to the millisecond, of one at least. */
export function latencyLimit(description: string) {
  return text(description, { maxLength: 18 }, [
    { rule: LATENCY_FORM, message: 'must be a duration such as 500ms, 2s or 1m30s' },
    { rule: `!${LATENCY_FORM} || duration(self) >= duration('1ms')`, message: 'must be at least one millisecond' },
  ]);
}
