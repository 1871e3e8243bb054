import { describe, expect, it } from 'vitest';
import type { Delivery } from '#src/domain/delivering.ts';
import { sayDelivering } from '#src/domain/delivering.ts';
import type { Destination } from '#src/domain/logging-configuration.ts';
import { deliveriesOf } from '#src/domain/logging-configuration.ts';

const logs: Destination = { destination: 'CloudWatch', name: 'log group /aws/bedrock' };
const bucket: Destination = { destination: 'S3', name: 'bucket records' };

function ok(destination: Delivery['destination']): Delivery {
  return { destination, succeeded: true };
}

function lost(destination: Delivery['destination']): Delivery {
  return { destination, succeeded: false };
}

/** As the status keeps it. */
function kept(saying: ReturnType<typeof sayDelivering>) {
  return { ...saying, observedGeneration: 1, lastTransitionTime: '2026-11-24T00:00:00Z' };
}

describe('whether records arrive', () => {
  it.each<[string, readonly Destination[], readonly Delivery[], string]>([
    ['all arrived', [logs, bucket], [ok('CloudWatch'), ok('S3')], 'True Delivered'],
    ['one destination had nothing to receive', [logs, bucket], [ok('CloudWatch')], 'True Delivered'],
    ['those to the bucket were lost', [logs, bucket], [ok('CloudWatch'), lost('S3')], 'False DeliveryFailing'],
    ['nothing was sent', [logs], [], 'Unknown NoTraffic'],
  ])('is said where %s', (_, to, latest, expected) => {
    const { status, reason } = sayDelivering(to, latest, undefined);
    expect(`${status} ${reason}`).toBe(expected);
  });

  it('names only the destination that lost them', () => {
    const { message } = sayDelivering([logs, bucket], [ok('CloudWatch'), lost('S3')], undefined);
    expect(message).toMatch('bucket records');
    expect(message).not.toMatch('log group');
  });

  it('stays as it was said while nothing is sent, until the destinations are others', () => {
    const failing = sayDelivering([logs, bucket], [lost('S3')], undefined);
    expect(sayDelivering([logs, bucket], [], kept(failing))).toEqual(failing);
    expect(sayDelivering([logs], [], kept(failing)).reason).toBe('NoTraffic');
    const arrived = sayDelivering([logs], [ok('CloudWatch')], undefined);
    expect(sayDelivering([logs], [], kept(arrived))).toEqual(arrived);
    expect(sayDelivering([bucket], [], kept(arrived)).reason).toBe('NoTraffic');
  });

  it('tells a bucket for large data from one for records', () => {
    const large: Destination = { destination: 'LargeDataS3', name: 'bucket records' };
    expect(sayDelivering([bucket, large], [lost('LargeDataS3')], undefined).message).toMatch(
      'bucket records (large data)',
    );
  });

  it('says that bedrock-mantle is not logged where records do not tell so', () => {
    expect(sayDelivering([logs], [], undefined).message).toMatch('bedrock-mantle');
    expect(sayDelivering([logs], [ok('CloudWatch')], undefined).message).toMatch('bedrock-mantle');
  });
});

it('finds the destinations of a configuration, and one that is only for large data', () => {
  const configuration = {
    cloudWatchConfig: { logGroupName: '/a', roleArn: 'r', largeDataDeliveryS3Config: { bucketName: 'large' } },
    s3Config: { bucketName: 'whole' },
  };
  expect(deliveriesOf(configuration).map(({ destination, name }) => `${destination} ${name}`)).toEqual([
    'CloudWatch log group /a',
    'S3 bucket whole',
    'LargeDataS3 bucket large',
  ]);
  expect(deliveriesOf({ textDataDeliveryEnabled: true })).toEqual([]);
});
