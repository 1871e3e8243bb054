import * as fc from 'fast-check';
import { DASHBOARD_PRESETS } from '#src/api/schema/dashboards.ts';
import type { DashboardEntry } from '#src/api/v1alpha1.ts';
import { entryName, models, some } from './entries.ts';
import { surroundings } from './surroundings.ts';

const widgets = fc.subarray(
  [
    { type: 'text' as const, width: 24, height: 1, properties: { markdown: '# Ours' } },
    { type: 'metric' as const, properties: { metrics: [['AWS/Bedrock', 'Invocations', { stat: 'Sum' }]] } },
    { type: 'log' as const, width: 20, properties: { query: "SOURCE '/app/chat' | fields @message | limit 5" } },
    { type: 'alarm' as const, height: 2, properties: { title: 'Theirs', alarms: [surroundings.alarm.arn] } },
    {
      type: 'explorer' as const,
      properties: {
        metrics: [{ metricName: 'CPUUtilization', resourceType: 'AWS::EC2::Instance', stat: 'Average' }],
        labels: [{ key: 'team' }],
      },
    },
  ],
  { minLength: 1 },
);

const preset = some(
  {
    name: entryName,
    preset: fc.constantFrom(...DASHBOARD_PRESETS),
    models,
    sourceAccountIDs: fc.subarray([surroundings.accountID, surroundings.otherAccountID]),
    widgets,
  },
  'name',
  'preset',
);

/** A dashboard of any form. AWS has one name space for all Regions of an account. */
export const dashboard: fc.Arbitrary<DashboardEntry> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: preset },
      { weight: 1, arbitrary: fc.record({ name: entryName, widgets }) },
      {
        weight: 1,
        arbitrary: fc.record({
          name: entryName,
          body: fc.constantFrom('{"widgets":[]}', '{"widgets": [], "start": "-PT3H"}'),
        }),
      },
    ),
    fc.boolean(),
  )
  .map(([entry, named]): DashboardEntry => ({ ...entry, ...(named && { awsName: `by-hand_${entry.name}` }) }));
