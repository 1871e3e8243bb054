import type { BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { News } from './news.ts';
import type { Result } from './result.ts';

/** The bound of `status.alarms.firingNames`. */
const NAMES_LIMIT = 20;

interface AlarmStates {
  readonly ok: number;
  readonly firing: number;
  readonly insufficientData: number;
  /** `entry` or `entry/model`, the first 20 in order. */
  readonly firingNames: readonly string[];
}

/** The states of all alarms that were read. They come with the reads that compare, and cost no call of their own. */
export function alarmStates(results: readonly Result[]): AlarmStates {
  const count = (state: Result['alarmState']) => results.filter((one) => one.alarmState === state).length;
  const firing = results.filter((one) => one.alarmState === 'ALARM').map(({ path }) => entryOf(path));
  return {
    ok: count('OK'),
    firing: firing.length,
    insufficientData: count('INSUFFICIENT_DATA'),
    firingNames: firing.sort().slice(0, NAMES_LIMIT),
  };
}

type AlarmsStatus = NonNullable<BedrockMonitorStatus['alarms']>;

/** One Event for an alarm that began to fire, and one when it is over; those beyond the bound of the status have none. */
export function alarmNews(before: AlarmsStatus | undefined, now: AlarmsStatus | undefined): readonly News[] {
  const was = before?.firingNames ?? [];
  const is = now?.firingNames ?? [];
  // What is cut off one of the lists has not changed.
  const wasWhole = (before?.firing ?? 0) <= NAMES_LIMIT;
  const isWhole = (now?.firing ?? 0) <= NAMES_LIMIT;
  const begun = wasWhole ? is.filter((name) => !was.includes(name)) : [];
  const over = isWhole && now !== undefined ? was.filter((name) => !is.includes(name)) : [];
  return [
    ...begun.map((name): News => news('Warning', 'AlarmFiring', `alarm ${name} is in state ALARM`)),
    ...over.map((name): News => news('Normal', 'AlarmOver', `alarm ${name} is no longer in state ALARM`)),
  ];
}

function news(type: News['type'], reason: string, note: string): News {
  return { type, reason, action: 'Observe', note };
}

/** `alarms/latency/<model>` is `latency/<model>` to whoever declared it. */
function entryOf(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}
