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
