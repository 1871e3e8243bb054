import type {
  ActionConfiguration,
  AlarmTagsPropagation,
  WarmUpConfiguration,
  MetricAlarm as WireAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { CompositeAlarm, LogAlarm, MetricAlarm, TagsPropagation } from '#src/domain/resource.ts';

type Common = 'AlarmActions' | 'OKActions' | 'InsufficientDataActions' | 'ActionsEnabled' | 'ActionConfiguration';
type WireCommon = Pick<WireAlarm, Common>;

/**
 * What every kind of alarm has, as CloudWatch takes it. `description` has the mark already. `now`: the alarm as AWS has
 * it, absent for a new one: a put replaces all, so what nobody declared is put again as it is.
 */
export function commonInput(
  desired: MetricAlarm | LogAlarm | CompositeAlarm,
  description: string,
  now: WireCommon | undefined,
) {
  const { tagsPropagation } = desired;
  const configuration = tagsPropagation
    ? { AlarmTagsPropagation: wirePropagation(tagsPropagation) }
    : now?.ActionConfiguration;
  return {
    AlarmName: desired.name,
    AlarmDescription: description,
    ActionsEnabled: desired.actionsEnabled,
    AlarmActions: [...desired.alarmActions],
    OKActions: [...desired.okActions],
    InsufficientDataActions: [...desired.insufficientDataActions],
    ...(configuration !== undefined && { ActionConfiguration: configuration }),
  };
}

/** The same as planning has it, with AWS's defaults for what the answer leaves out. Actions are sets. */
export function commonFromWire(wire: WireCommon) {
  return {
    tagsPropagation: propagationFromWire(wire.ActionConfiguration),
    actionsEnabled: wire.ActionsEnabled ?? true,
    alarmActions: [...(wire.AlarmActions ?? [])].sort(),
    okActions: [...(wire.OKActions ?? [])].sort(),
    insufficientDataActions: [...(wire.InsufficientDataActions ?? [])].sort(),
    tags: {},
  };
}

/** Metric and log alarms only. As declared, else as AWS has it. */
export function warmUpInput(declared: MetricAlarm['warmUp'], now: WarmUpConfiguration | undefined) {
  const warmUp = declared
    ? { WarmUpPeriodDurationInMinutes: declared.minutes, OnlyStartEvaluatingAfterWarmUpPeriodEnds: declared.always }
    : now;
  return warmUp === undefined ? {} : { WarmUpConfiguration: warmUp };
}

export function warmUpFromWire(wire: WarmUpConfiguration | undefined): Pick<MetricAlarm, 'warmUp'> {
  if (wire === undefined) return {};
  const { WarmUpPeriodDurationInMinutes = 0, OnlyStartEvaluatingAfterWarmUpPeriodEnds = false } = wire;
  return { warmUp: { minutes: WarmUpPeriodDurationInMinutes, always: OnlyStartEvaluatingAfterWarmUpPeriodEnds } };
}

function wirePropagation({ enabled, includedTagKeys, excludedTagKeys }: TagsPropagation): AlarmTagsPropagation {
  return {
    Enabled: enabled,
    ...(includedTagKeys && { IncludedTagKeys: [...includedTagKeys] }),
    ...(excludedTagKeys && { ExcludedTagKeys: [...excludedTagKeys] }),
  };
}

/** Where AWS says nothing, tags do not go along. Keys are sets. */
function propagationFromWire(wire: ActionConfiguration | undefined): TagsPropagation {
  const { Enabled, IncludedTagKeys, ExcludedTagKeys } = wire?.AlarmTagsPropagation ?? {};
  return {
    enabled: Enabled ?? false,
    ...(IncludedTagKeys?.length && { includedTagKeys: [...IncludedTagKeys].sort() }),
    ...(ExcludedTagKeys?.length && { excludedTagKeys: [...ExcludedTagKeys].sort() }),
  };
}
