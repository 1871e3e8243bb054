import { isIPv4, isIPv6 } from 'node:net';

/** Formats that apiextensions supports; an unknown one is not checked. */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': isDateTime,
  date: isDate,
  duration: isDuration,
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  hostname: (text) => /^([a-zA-Z0-9_](-*[a-zA-Z0-9_])*\.)*[a-zA-Z0-9_](-*[a-zA-Z0-9_])*$/.test(text),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: (text) => /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(text),
  uri: (text) => URL.canParse(text) || text.startsWith('/'),
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  byte: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
};

/** Whether a string satisfies the format; numeric formats are not judged here. */
export function satisfiesFormat(text: string, format: string): boolean {
  return formats[format]?.(text) ?? true;
}

/** RFC 3339, as `metav1.Time` is read. */
export function isDateTime(text: string): boolean {
  return (
    /^.{10}[Tt](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text) &&
    isDate(text.slice(0, 10)) &&
    !Number.isNaN(Date.parse(text))
  );
}

/** A day of the calendar: JavaScript takes the 30th of February for the 1st or 2nd of March. */
function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** Go's `time.ParseDuration`, and the `1 day` forms of go-openapi. */
function isDuration(text: string): boolean {
  return (
    text === '0' ||
    /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text) ||
    /^\d+\s*(?:ns|us|ms|s|m|h|d|w|sec|secs|seconds?|min|mins|minutes?|hours?|days?|weeks?)$/i.test(text)
  );
}
