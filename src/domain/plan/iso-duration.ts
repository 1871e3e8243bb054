const DAY = 86_400;
const HOUR = 3600;
const MINUTE = 60;

/** ISO 8601 of whole seconds: `P1DT2H` for 26 hours. */
export function asISODuration(total: number): string {
  const days = Math.floor(total / DAY);
  const time = [
    [Math.floor((total % DAY) / HOUR), 'H'],
    [Math.floor((total % HOUR) / MINUTE), 'M'],
    [total % MINUTE, 'S'],
  ] as const;
  const clock = time.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join('');
  if (days === 0 && clock === '') return 'PT0S';
  return `P${days > 0 ? `${days}D` : ''}${clock === '' ? '' : `T${clock}`}`;
}

/** Seconds of an ISO 8601 duration of days, hours, minutes and seconds; NaN for anything else. */
export function secondsOfISO(duration: string): number {
  const parts = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (parts === null) return Number.NaN;
  const [days = 0, hours = 0, minutes = 0, rest = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return days * DAY + hours * HOUR + minutes * MINUTE + rest;
}
