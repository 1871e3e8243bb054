const units: Readonly<Record<string, { readonly ms: number; readonly cap: number }>> = {
  ms: { ms: 1, cap: 1000 },
  s: { ms: 1000, cap: 60 },
  m: { ms: 60_000, cap: 60 },
  h: { ms: 3_600_000, cap: 24 },
  d: { ms: 86_400_000, cap: Number.POSITIVE_INFINITY },
  w: { ms: 7 * 86_400_000, cap: Number.POSITIVE_INFINITY },
};
const spellings: Readonly<Record<string, string>> = {
  millisecond: 'ms',
  msec: 'ms',
  second: 's',
  sec: 's',
  minute: 'm',
  min: 'm',
  hour: 'h',
  hr: 'h',
  day: 'd',
  week: 'w',
};

/**
 * Milliseconds of a period; undefined for a unit that the simulator does not know. Over the cap of its unit AWS takes
 * the cap: 300s is 60s ("Datetime functions", CloudWatch Logs user guide).
 */
export function periodMs(amount: number, unit: string): number | undefined {
  const singular = unit.length > 2 ? unit.replace(/s$/, '') : unit;
  const known = units[spellings[singular] ?? singular];
  return known && Math.min(amount, known.cap) * known.ms;
}
