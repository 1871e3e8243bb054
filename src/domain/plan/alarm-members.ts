import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { ResourceRef } from '../resource.ts';
import { alarmEntries } from './alarm-entries.ts';
import { alarmPreset, type Severity } from './alarm-presets.ts';
import { severityOfBurn } from './slo.ts';
import type { Planned } from './types.ts';

/** An AWS alarm that can notify, by the entry that it is made from. */
export interface AlarmMember {
  /** Name of the entry of alarms, slos or compositeAlarms. */
  readonly entry: string;
  readonly of: 'alarms' | 'slos' | 'compositeAlarms';
  readonly severity: Severity;
  readonly ref: ResourceRef;
}

/** All planned alarms that can notify: not the burn-rate alarms under the composites of an slo. */
export function alarmMembers(spec: BedrockMonitorSpec, planned: readonly Planned[]): readonly AlarmMember[] {
  const entries = new Map(alarmEntries(spec).map((entry) => [entry.name, entry]));
  return planned.flatMap(({ resource: { kind, name }, path }): AlarmMember[] => {
    const [of, entry = ''] = path.split('/');
    const ref = { kind, name };
    if (of === 'alarms' && (kind === 'MetricAlarm' || kind === 'LogAlarm')) {
      const { severity, preset } = entries.get(entry) ?? {};
      return [{ entry, of, severity: severity ?? alarmPreset(preset ?? '')?.severity ?? 'Warning', ref }];
    }
    if (kind !== 'CompositeAlarm') return [];
    if (of === 'slos') {
      const slo = spec.slos?.find((one) => one.name === entry);
      const severity = slo && severityOfBurn(slo, path.endsWith('/fast') ? 'fast' : 'slow');
      return [{ entry, of, severity: severity ?? 'Warning', ref }];
    }
    const composite = spec.compositeAlarms?.find((one) => one.name === entry);
    return [{ entry, of: 'compositeAlarms', severity: composite?.severity ?? 'Warning', ref }];
  });
}
