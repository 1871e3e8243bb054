import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { logAnomalyDetectorName, onGroup } from '../names.ts';
import { attachedGroup } from './attached-group.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Plan } from './types.ts';

/** AWS's words (CreateLogAnomalyDetector). */
const frequencies = {
  '1m': 'ONE_MIN',
  '5m': 'FIVE_MIN',
  '10m': 'TEN_MIN',
  '15m': 'FIFTEEN_MIN',
  '30m': 'THIRTY_MIN',
  '1h': 'ONE_HOUR',
} as const;

/** The same page: "anomalyVisibilityTime", where absent. */
const DEFAULT_VISIBILITY_DAYS = 21;

/** CloudWatch's log anomaly detection over the records, where it is asked for. */
export function planLogAnomalyDetector(spec: BedrockMonitorSpec, { owner }: Facts): Partial<Plan> {
  const group = attachedGroup(spec);
  const detector = spec.invocationLogging?.cloudWatchLogs?.anomalyDetector;
  if (group === undefined || detector === undefined) return {};
  if (group.unmasked !== undefined) return { keep: ['Logging'] };
  const { evaluationFrequency = '5m', filterPattern = '', visibilityDays = DEFAULT_VISIBILITY_DAYS } = detector;
  return {
    resources: [
      {
        resource: {
          kind: 'LogAnomalyDetector',
          name: onGroup(group.name, logAnomalyDetectorName(owner)),
          evaluationFrequency: frequencies[evaluationFrequency],
          filterPattern,
          visibilityDays,
          enabled: true,
          tags: declaredTags(owner, spec.tags),
        },
        part: 'Logging',
        path: 'invocationLogging/anomalyDetector',
        after: group.afterMasking,
      },
    ],
  };
}
