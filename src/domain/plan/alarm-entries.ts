import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';

/** The alarm that logging brings along. */
export const DELIVERY_ALARM = { name: 'log-delivery-failure', preset: 'LogDeliveryFailure' } as const;

/** The alarms as written, and the one that logging brings along. */
export function alarmEntries(spec: BedrockMonitorSpec): readonly AlarmEntry[] {
  const written = spec.alarms ?? [];
  return bringsDeliveryAlarm(spec, written) ? [...written, DELIVERY_ALARM] : written;
}

/** It gives way to whatever has its name or its preset. */
function bringsDeliveryAlarm({ invocationLogging }: BedrockMonitorSpec, written: readonly AlarmEntry[]): boolean {
  if (invocationLogging === undefined || invocationLogging.deliveryAlarm === 'Disabled') return false;
  return !written.some(({ name, preset }) => name === DELIVERY_ALARM.name || preset === DELIVERY_ALARM.preset);
}
