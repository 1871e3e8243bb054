import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';

/** The alarm that logging brings along. */
export const DELIVERY_ALARM = { name: 'log-delivery-failure', preset: 'LogDeliveryFailure' } as const;

/** The alarms as written, and the one that logging brings along. */
export function alarmEntries(spec: BedrockMonitorSpec): readonly AlarmEntry[] {
  const written = spec.alarms ?? [];
  return bringsDeliveryAlarm(spec, written) ? [...written, DELIVERY_ALARM] : written;
}

/** It gives way to whatever has its preset, or its name: alarms, composites and slos share one space of names. */
function bringsDeliveryAlarm(spec: BedrockMonitorSpec, written: readonly AlarmEntry[]): boolean {
  const { invocationLogging, compositeAlarms = [], slos = [] } = spec;
  if (invocationLogging === undefined || invocationLogging.deliveryAlarm === 'Disabled') return false;
  const named = [...written, ...compositeAlarms, ...slos].some(({ name }) => name === DELIVERY_ALARM.name);
  return !named && !written.some(({ preset }) => preset === DELIVERY_ALARM.preset);
}
