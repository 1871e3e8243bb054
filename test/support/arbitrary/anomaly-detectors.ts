import * as fc from 'fast-check';
import type { AnomalyDetectorEntry } from '#src/api/v1alpha1.ts';
import { entryName, models, some } from './entries.ts';
import { surroundings } from './surroundings.ts';

const metrics = [
  { name: 'Invocations', statistic: 'Sum' },
  { name: 'InputTokenCount', statistic: 'p90' },
  { name: 'ContentFilteredCount', statistic: 'Sum', accountID: surroundings.otherAccountID },
  { name: 'Orders', namespace: 'Shop', statistic: 'Sum', dimensions: { Stage: 'live' } },
];

const detector = some(
  {
    name: entryName,
    metric: fc.constantFrom(...metrics),
    models,
    excludedTimeRanges: fc.subarray([
      { startTime: '2026-11-01T00:00:00+01:00', endTime: '2026-11-02T00:00:00.5Z' },
      { startTime: '2025-12-24T18:00:00Z', endTime: '2025-12-27T06:00:00Z' },
    ]),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
    adaptationSpeed: fc.constantFrom('Fast' as const, 'Normal' as const, 'Slow' as const),
    outlierFilteringStrength: fc.constantFrom('Minimal' as const, 'Moderate' as const, 'Strict' as const),
    periodicSpikes: fc.boolean(),
  },
  'name',
  'metric',
);

/** Tuned models, each of a metric of its own. */
export const anomalyDetectors: fc.Arbitrary<readonly AnomalyDetectorEntry[]> = fc.uniqueArray(detector, {
  maxLength: 2,
  comparator: (a, b) => a.name === b.name || a.metric.name === b.metric.name,
});
