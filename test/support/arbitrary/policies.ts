import * as fc from 'fast-check';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { some } from './entries.ts';

type Policies = Pick<BedrockMonitorSpec, 'mode' | 'deletionPolicy' | 'adoptionPolicy' | 'driftPolicy'>;
type Pause = Pick<BedrockMonitorSpec, 'suspend' | 'suspendUntil'>;

const deletion = fc.constantFrom('Delete' as const, 'Retain' as const);
const drift = fc.constantFrom('Correct' as const, 'Report' as const);
const tagged = fc.constantFrom('Never' as const, 'IfTagged' as const, 'Always' as const);
const untagged = fc.constantFrom('Never' as const, 'Always' as const);

const deletionPolicy = some({
  default: deletion,
  alarms: deletion,
  dashboards: deletion,
  savedQueries: deletion,
  metricFilters: deletion,
  crossAccount: deletion,
  dataProtection: deletion,
  invocationLogging: fc.constantFrom('Restore' as const, 'Disable' as const, 'Retain' as const),
  logGroup: deletion,
}).filter((policy) => policy.logGroup !== 'Delete' || policy.invocationLogging !== 'Retain');

const adoptionPolicy = some({
  default: tagged,
  logGroup: tagged,
  alarms: tagged,
  dashboards: tagged,
  crossAccount: tagged,
  savedQueries: untagged,
  metricFilters: untagged,
  dataProtection: untagged,
  invocationLogging: untagged,
});

const driftPolicy = some({
  default: drift,
  alarms: drift,
  dashboards: drift,
  savedQueries: drift,
  metricFilters: drift,
  crossAccount: drift,
  invocationLogging: drift,
  logGroup: drift,
  ignore: fc.subarray([
    'alarms/*/threshold',
    'alarms/latency',
    'alarms/*/amazon.nova-pro-v1:0/metric.period',
    'anomalyDetectors/*/timeZone',
    'compositeAlarms/*/rule',
    'crossAccount/link/resourceTypes',
    'dashboards/overview/body',
    'invocationLogging/logGroup/retentionInDays',
    'invocationLogging/videoDataDeliveryEnabled',
    'metricFilters/*/filterPattern',
    'muteRules/*/duration',
    'savedQueries/*/queryString',
    'slos/errors/fast',
  ]),
});

/** In any mode, with any policies. */
export const policies: fc.Arbitrary<Policies> = some({
  mode: fc.oneof(
    { weight: 3, arbitrary: fc.constant('Enforce' as const) },
    { weight: 2, arbitrary: fc.constantFrom('Plan' as const, 'Observe' as const) },
  ),
  deletionPolicy,
  adoptionPolicy,
  driftPolicy,
});

/** One that is over counts for nothing. */
const pauseEnd = fc.constantFrom('2020-01-01T00:00:00Z', '2024-02-29T23:59:59.5+01:00', '2999-01-01T00:00:00Z');

/** Mostly none. */
export const pause: fc.Arbitrary<Pause> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ suspend: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ suspendUntil: pauseEnd }) },
);
