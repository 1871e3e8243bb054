import { describe } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Settings } from '#src/reconcile/ports.ts';
import type { Scenario } from '#test/support/crash-sweep.ts';
import { sweep } from '#test/support/crash-sweep.ts';
import { GROUP } from '#test/support/specs.ts';
import { REGION } from '#test/support/world.ts';

const settings: Partial<Settings> = { features: new Set(['LoggingRole', 'LoggingBucket']) };

/** Masked logging with everything made for it. */
const making = (): BedrockMonitorSpec => ({
  region: REGION,
  invocationLogging: {
    dataTypes: ['Text'],
    cloudWatchLogs: {
      logGroup: { name: GROUP },
      role: { create: {} },
      largeDataDelivery: { bucket: { create: {} } },
    },
    deliveryAlarm: 'Disabled',
  },
  dataProtection: { categories: ['PII'], s3Bodies: 'AcceptUnmasked' },
});

/** The same with a role that exists, and another bucket. */
const naming = (role: string): BedrockMonitorSpec => ({
  ...making(),
  invocationLogging: {
    dataTypes: ['Text'],
    cloudWatchLogs: {
      logGroup: { name: GROUP },
      role: { arn: role },
      largeDataDelivery: { bucket: { create: { name: 'bedrock-logging-next' } } },
    },
    deliveryAlarm: 'Disabled',
  },
});

const scenarios: readonly Scenario[] = [
  { name: 'the making of a role and a bucket', before: () => undefined, after: making, settings },
  { name: 'a change to others', before: making, after: naming, settings },
  { name: 'the deletion of the role', before: making, after: () => undefined, settings },
];

describe('a crash at any external call, where roles and buckets are made', () => {
  sweep(scenarios);
});
