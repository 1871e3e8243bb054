import { validationError } from './errors.ts';

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'Minutes', from: 0, to: 59 },
  { name: 'Hours', from: 0, to: 23 },
  { name: 'Day-of-month', from: 1, to: 31 },
  { name: 'Month', from: 1, to: 12, words: months },
  { name: 'Day-of-week', from: 0, to: 6, words: days },
];

/**
 * `cron(Minutes Hours Day-of-month Month Day-of-week)` of values, names, `*`, `-` and `,`, or `at(yyyy-MM-ddThh:mm)`
 * (Schedule, CloudWatch API reference). Throws ValidationError.
 */
export function checkExpression(expression: string): void {
  const cron = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (cron !== undefined) {
    const parts = cron.split(' ');
    if (parts.length !== fields.length)
      throw validationError(`Invalid cron expression: ${expression} must have 5 fields`);
    fields.forEach((field, index) => {
      if (!fits(parts[index] ?? '', field)) {
        throw validationError(`Invalid cron expression: ${parts[index]} is no ${field.name} in ${expression}`);
      }
    });
    return;
  }
  if (atTime(expression) === undefined) {
    throw validationError("At expressions must be a valid date in 'yyyy-MM-ddThh:mm' format");
  }
}

export function isOneTime(expression: string): boolean {
  return expression.startsWith('at(');
}

/** ISO 8601, PT1M to P15D. Throws ValidationError. */
export function checkDuration(duration: string): void {
  const minutes = minutesOf(duration);
  if (minutes === undefined || minutes < 1 || minutes > 15 * 24 * 60) {
    throw validationError(`Invalid duration ${duration}: it must be between PT1M and P15D`);
  }
}

export function checkTimeZone(timeZone: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw validationError(`Invalid time zone: ${timeZone}`);
  }
}

/** Of a one-time rule: its window in epoch milliseconds. */
export function windowEnd(
  expression: string,
  duration: string,
  timeZone: string,
): { readonly start: number; readonly end: number } | undefined {
  const local = atTime(expression);
  if (local === undefined) return undefined;
  const start = local - offsetMs(local, timeZone);
  return { start, end: start + (minutesOf(duration) ?? 0) * 60_000 };
}

function fits(text: string, { from, to, words }: Field): boolean {
  const value = (one: string): number => {
    const word = words?.indexOf(one) ?? -1;
    if (word >= 0) return from + word;
    return /^\d{1,2}$/.test(one) ? Number(one) : Number.NaN;
  };
  return text.split(',').every((item) => {
    if (item === '*') return true;
    const ends = item.split('-').map(value);
    const [first = Number.NaN, last = first] = ends;
    return ends.length <= 2 && first >= from && last <= to && first <= last;
  });
}

/** Milliseconds as if the time were UTC; undefined for what is no such date. */
function atTime(expression: string): number | undefined {
  const written = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2})\)$/.exec(expression)?.[1];
  if (written === undefined) return undefined;
  const time = Date.parse(`${written}:00Z`);
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(written) ? undefined : time;
}

function minutesOf(duration: string): number | undefined {
  const parts = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration);
  if (parts === null) return undefined;
  const [day = 0, hour = 0, minute = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (day * 24 + hour) * 60 + minute;
}

/** How far the zone's clocks are ahead of UTC at about that time. */
function offsetMs(time: number, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(time);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - time;
}
