import * as fc from 'fast-check';
import type {
  AlarmEntry,
  BedrockMonitorSpec,
  DataProtectionSpec,
  NotificationsSpec,
  SavedQueryEntry,
} from '#src/api/v1alpha1.ts';
import { alarm, tagsPropagation } from './arbitrary/alarms.ts';
import { anomalyDetectors } from './arbitrary/anomaly-detectors.ts';
import { composed, composition } from './arbitrary/composition.ts';
import { crossAccount } from './arbitrary/cross-account.ts';
import { dashboard } from './arbitrary/dashboards.ts';
import { actions, entries, models, severity, some } from './arbitrary/entries.ts';
import { metricFilters } from './arbitrary/log-attachments.ts';
import { dataProtection, invocationLogging } from './arbitrary/logging.ts';
import { pause, policies } from './arbitrary/policies.ts';
import { savedQuery } from './arbitrary/saved-queries.ts';
import { surroundings } from './arbitrary/surroundings.ts';

const route = some(
  { severity, alarmActions: actions, okActions: actions, insufficientDataActions: actions },
  'severity',
);
const notifications: fc.Arbitrary<NotificationsSpec> = fc
  .tuple(some({ routes: fc.uniqueArray(route, { selector: (one) => one.severity, maxLength: 3 }) }), tagsPropagation)
  .map(([routes, propagation]): NotificationsSpec => ({ ...routes, ...propagation }));

const modelPrices = fc.constantFrom(
  [],
  [{ model: surroundings.models[0], inputUSDPerMillion: 0.8, outputUSDPerMillion: 3.2 }],
);

const logging = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: some({ invocationLogging, dataProtection, metricFilters }, 'invocationLogging'),
  },
);

/**
 * Valid specs of every field there is, each small enough for a property over whole passes. Each is enforced, and
 * converges to Ready where `surround` has been, on behalf of a namespace with `surroundingAccess`, in an operator with
 * all features.
 */
export const arbitraryValidSpec: fc.Arbitrary<BedrockMonitorSpec> = fc
  .tuple(
    some({
      accountID: fc.constant(surroundings.accountID),
      assumeRole: fc.constant({ roleARN: surroundings.assumedRoleARN }),
      mode: fc.constant('Enforce' as const),
      tags: fc.dictionary(fc.constantFrom('team', 'stage'), fc.constantFrom('search', ''), { maxKeys: 2 }),
      models,
      notifications,
      alarms: entries(alarm, 3),
      anomalyDetectors,
      modelPrices,
      dashboards: entries(dashboard, 2),
      savedQueries: entries(savedQuery, 2),
      crossAccount,
    }),
    logging,
    fc.option(composition, { nil: undefined, freq: 2 }),
  )
  .map(([rest, logged, over]) => {
    const spec = fitted({ region: surroundings.region, ...rest, ...logged });
    // A plain object, as an API server gives it.
    return structuredClone(over === undefined ? spec : composed(spec, over));
  });

/** The same in any mode, perhaps paused, with any policies: what somebody may try on the way. */
export const arbitrarySpecInAnyMode: fc.Arbitrary<BedrockMonitorSpec> = fc
  .tuple(arbitraryValidSpec, policies, pause)
  .map(([spec, chosen, paused]): BedrockMonitorSpec => ({ ...spec, ...chosen, ...paused }));

/** Without what stands on a part that the spec does not have. */
function fitted(spec: BedrockMonitorSpec): BedrockMonitorSpec {
  const { alarms, savedQueries, dataProtection: masking, metricFilters: filters, ...rest } = spec;
  const group = spec.invocationLogging?.cloudWatchLogs?.logGroup;
  const fit = ({ preset, logQuery, awsName, models: own }: AlarmEntry): boolean =>
    (logQuery === undefined || logQuery.logGroupNames !== undefined || group !== undefined) &&
    (preset !== 'CostBudget' || (spec.modelPrices?.length ?? 0) > 0) &&
    (preset !== 'SensitiveDataFindings' || (masking !== undefined && group !== undefined)) &&
    (awsName === undefined || own !== undefined || (spec.models ?? []).length === 0 || logQuery !== undefined);
  const readable = ({ preset, queryLanguage, logGroupNames }: SavedQueryEntry): boolean =>
    logGroupNames !== undefined ||
    queryLanguage === 'SQL' ||
    (group !== undefined && !(preset === 'PromptPatterns' && group.class === 'InfrequentAccess'));
  const { s3, cloudWatchLogs } = spec.invocationLogging ?? {};
  const inS3 = s3 !== undefined || cloudWatchLogs?.largeDataDelivery !== undefined;
  return {
    ...rest,
    ...(alarms !== undefined && { alarms: alarms.filter(fit) }),
    ...(savedQueries !== undefined && { savedQueries: savedQueries.filter(readable) }),
    ...(masking !== undefined && group !== undefined && { dataProtection: inS3 ? accepting(masking) : masking }),
    ...(filters !== undefined &&
      group !== undefined &&
      group.class !== 'InfrequentAccess' && { metricFilters: filters }),
  };
}

function accepting(masking: DataProtectionSpec): DataProtectionSpec {
  return { ...masking, s3Bodies: 'AcceptUnmasked' };
}
