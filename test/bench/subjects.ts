import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { basicSpec } from '#test/support/specs.ts';

/** What is measured: a short monitor, and one with many alarms. */
export const subjects: readonly { readonly what: string; readonly spec: (role: string) => BedrockMonitorSpec }[] = [
  { what: '6 AWS resources', spec: basicSpec },
  {
    what: '105 AWS resources, 100 of them alarms',
    spec: (role) => ({
      ...basicSpec(role),
      alarms: Array.from({ length: 100 }, (_, index) => ({ name: `throttling-${index}`, preset: 'Throttling' })),
    }),
  },
];

/** The same with a higher threshold for the first alarm. */
export function edited(spec: BedrockMonitorSpec): BedrockMonitorSpec {
  return {
    ...spec,
    alarms: spec.alarms?.map((alarm, index) => (index === 0 ? { ...alarm, threshold: 5 } : alarm)) ?? [],
  };
}
