import { describe } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { makeByHand } from '#test/support/by-hand.ts';
import type { Scenario } from '#test/support/crash-sweep.ts';
import { quiet, sweep } from '#test/support/crash-sweep.ts';
import { basicSpec, edited } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, REGION } from '#test/support/world.ts';

const takingOver = (role: string): BedrockMonitorSpec => ({
  ...basicSpec(role),
  adoptionPolicy: { default: 'Always', invocationLogging: 'Always' },
});

/** Masked logging alone: what becomes of the one logging configuration. */
const takingLogging = (role: string): BedrockMonitorSpec => {
  const { alarms: _, dashboards: __, savedQueries: ___, ...logging } = takingOver(role);
  return logging;
};

const retainingNothing = (role: string): BedrockMonitorSpec => ({
  ...takingOver(role),
  deletionPolicy: { logGroup: 'Delete', invocationLogging: 'Disable' },
});

const planning = (role: string): BedrockMonitorSpec => ({ ...takingOver(role), mode: 'Plan' });

const planningLogging = (role: string): BedrockMonitorSpec => ({ ...takingLogging(role), mode: 'Plan' });

/** Logging to somebody's bucket, with a member that this release does not know. */
const foreignLogging = ({ aws }: World) => {
  aws.account(ACCOUNT).bucket(REGION, 'somebody-elses');
  aws.account(ACCOUNT).region(REGION).invocationLogging.configuration = {
    s3Config: { bucketName: 'somebody-elses', keyPrefix: 'records' },
    futureConfig: { level: 'High' },
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: true,
    embeddingDataDeliveryEnabled: false,
    videoDataDeliveryEnabled: false,
    audioDataDeliveryEnabled: false,
  };
};

/** Everything that the spec names, made by people. */
const foreignEverything = (world: World) => {
  foreignLogging(world);
  makeByHand(world);
};

const scenarios: readonly Scenario[] = [
  { name: 'takeover of a foreign configuration', before: () => undefined, after: takingLogging, found: foreignLogging },
  { name: 'restoring it at the deletion', before: takingLogging, after: () => undefined, found: foreignLogging },
  {
    name: 'restoring it where the spec stops asking',
    before: takingLogging,
    after: (role) => quiet(takingLogging(role)),
    found: foreignLogging,
  },
  {
    name: 'handing over what was taken over',
    before: takingLogging,
    after: () => undefined,
    waiting: 'takes',
    found: foreignLogging,
  },
  { name: 'adoption of everything', before: () => undefined, after: takingOver, found: foreignEverything },
  { name: 'deletion of everything', before: retainingNothing, after: () => undefined },
  {
    name: 'a plan that is approved',
    before: () => undefined,
    after: planningLogging,
    approving: true,
    found: foreignLogging,
  },
  { name: 'a mode that stops enforcing', before: takingOver, after: (role) => ({ ...edited(planning(role)) }) },
  { name: 'a mode that enforces', before: planningLogging, after: takingLogging, found: foreignLogging },
];

describe('a crash at any external call, among what others made', () => {
  sweep(scenarios);
});
