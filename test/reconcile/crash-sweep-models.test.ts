import { describe } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Scenario } from '#test/support/crash-sweep.ts';
import { sweep } from '#test/support/crash-sweep.ts';
import { REGION } from '#test/support/world.ts';

const metric = { name: 'Invocations', statistic: 'Sum' } as const;
const alone = (): BedrockMonitorSpec => ({ region: REGION });
const banded = (): BedrockMonitorSpec => ({
  ...alone(),
  alarms: [{ name: 'unusual', metric, anomalyBand: {} }],
});
const tuned = (): BedrockMonitorSpec => ({
  ...banded(),
  anomalyDetectors: [
    { name: 'calls', metric, timeZone: 'Europe/Berlin' },
    { name: 'tokens', metric: { name: 'InputTokenCount', statistic: 'Sum' }, adaptationSpeed: 'Fast' },
  ],
});
const logAlarm = (): BedrockMonitorSpec => ({
  ...alone(),
  alarms: ['errors', 'refusals'].map((name) => ({
    name,
    logQuery: {
      queryString: 'filter ispresent(errorCode)',
      aggregationExpression: 'count(*)',
      logGroupNames: ['/aws/bedrock/platform'],
      every: '5m',
      roleARN: 'arn:aws:iam::111122223333:role/bedrockmonitor/queries',
    },
    threshold: 5,
  })),
});

const scenarios: readonly Scenario[] = [
  { name: 'the making of an alarm with a tuned model', before: () => undefined, after: tuned },
  { name: 'the untuning of a model that a band still rests on', before: tuned, after: banded },
  { name: 'the removal of alarm and models', before: tuned, after: alone },
  { name: 'the deletion of a monitor with tuned models', before: tuned, after: () => undefined },
  { name: 'the removal of log alarms', before: logAlarm, after: alone },
];

describe('a crash', () => {
  sweep(scenarios);
});
