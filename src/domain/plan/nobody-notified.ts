import type { Severity } from './alarm-presets.ts';
import { listed, noted } from './remark.ts';
import type { Remark } from './types.ts';

/** An entry whose alarm sets nothing off although nobody asked for silence. */
export interface Unheard {
  readonly name: string;
  readonly severity: Severity;
}

/** One note on all of them, by severity; none where there are none. */
export function nobodyNotified(path: string, unheard: readonly Unheard[]): readonly Remark[] {
  if (unheard.length === 0) return [];
  const lists = [...Map.groupBy(unheard, ({ severity }) => severity)].map(
    ([severity, entries]) =>
      `${severity} (${listed(
        entries.map(({ name }) => name),
        5,
      )})`,
  );
  const own = path === 'slos' ? '' : ', or alarmActions to the entries';
  const message = `nobody is notified of ${path} of severity ${lists.join(', ')}: add a route to notifications.routes${own}`;
  return [noted('Alarms', path, 'NobodyNotified', message)];
}
