import { type Block, type Row, row } from './grid.ts';
import type { Subject } from './subject.ts';

/** ARNs of one alarm widget ("Properties of an Alarm Status Widget Object", CloudWatch API reference). */
const MAX_ALARMS = 100;
/** How many alarms AWS's console shows side by side over the whole width, roughly. */
const PER_LINE = 6;

/** The state of this monitor's alarms, those that fire first; no row without alarms, several where one cannot hold all. */
export function alarmStatus({ alarms }: Subject): readonly Row[] {
  const widgets = Math.ceil(alarms.length / MAX_ALARMS);
  return Array.from({ length: widgets }, (_, index) => {
    const shown = alarms.slice(index * MAX_ALARMS, (index + 1) * MAX_ALARMS);
    return row(1 + Math.ceil(shown.length / PER_LINE), block(shown, index, widgets));
  });
}

function block(alarms: readonly string[], index: number, widgets: number): Block {
  const title = widgets === 1 ? 'Alarms' : `Alarms (${index + 1} of ${widgets})`;
  return { type: 'alarm', properties: { title, alarms, sortBy: 'stateUpdatedTimestamp' } };
}
