import type { BedrockMonitor, Condition } from '#src/api/v1alpha1.ts';

/** A condition of a monitor as its status has it; `Ready` unless another is asked for. */
export function said(monitor: BedrockMonitor | undefined, type = 'Ready'): Condition | undefined {
  return monitor?.status?.conditions?.find((one) => one.type === type);
}
