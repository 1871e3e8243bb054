import { describe } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Scenario } from '#test/support/crash-sweep.ts';
import { sweep } from '#test/support/crash-sweep.ts';
import { GROUP } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, REGION } from '#test/support/world.ts';

const destinationARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:watch`;
const found = (world: World) => void world.aws.account(ACCOUNT).region(REGION).logDestinations.add(destinationARN);

/** Masked logging with everything that may stand on its log group. */
const attaching =
  (name = GROUP, values = ['search']) =>
  (role: string): BedrockMonitorSpec => ({
    region: REGION,
    invocationLogging: {
      dataTypes: ['Text'],
      cloudWatchLogs: {
        logGroup: { name },
        role: { arn: role },
        subscriptionFilters: [{ name: 'copy', destinationARN }],
        fieldIndexes: ['modelId'],
        anomalyDetector: {},
      },
      deliveryAlarm: 'Disabled',
    },
    dataProtection: { categories: ['PII'] },
    metricFilters: [{ name: 'tokens', preset: 'TokensByMetadata', tokensByMetadata: { key: 'team', values } }],
  });

const scenarios: readonly Scenario[] = [
  { name: 'the making of what stands on a log group', before: () => undefined, after: attaching(), found },
  {
    name: 'a move to another log group',
    before: attaching(),
    after: attaching('/aws/bedrock/next', ['a', 'b']),
    found,
  },
  { name: 'a deletion of all of it', before: attaching(), after: () => undefined, found },
];

describe('a crash at any external call, where something stands on the log group', () => {
  sweep(scenarios);
});
