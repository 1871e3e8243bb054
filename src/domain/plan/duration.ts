const UNIT_SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** Seconds of a Go duration of hours, minutes and seconds such as `5m` or `1h30m`; NaN for anything else. */
export function seconds(duration: string): number {
  if (!/^(\d+[hms])+$/.test(duration)) return Number.NaN;
  return [...duration.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ''] ?? Number.NaN),
    0,
  );
}

/** Milliseconds of a Go duration of hours, minutes, seconds and milliseconds such as `1s500ms`; NaN for anything else. */
export function milliseconds(duration: string): number {
  const rest = /(\d+)ms$/.exec(duration);
  if (rest === null) return seconds(duration) * 1000;
  const whole = duration.slice(0, rest.index);
  return (whole === '' ? 0 : seconds(whole) * 1000) + Number(rest[1]);
}

/** The shortest way to write it: `90` is `1m30s`. */
export function asDuration(total: number): string {
  const written = [
    [Math.floor(total / 3600), 'h'],
    [Math.floor((total % 3600) / 60), 'm'],
    [total % 60, 's'],
  ] as const;
  return written.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join('') || '0s';
}
