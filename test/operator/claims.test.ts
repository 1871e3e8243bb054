import { describe, expect, it } from 'vitest';
import { claimLeaseName, singletonOf } from '#src/operator/claims.ts';

describe('the name of a claim', () => {
  it.each([
    ['claim-111122223333-us-east-1-invocation-logging', 'invocation-logging', 'us-east-1'],
    ['claim-111122223333-us-gov-west-1-sink', 'sink', 'us-gov-west-1'],
  ] as const)('%s tells what is claimed, and where', (name, of, region) => {
    const at = { of, accountID: '111122223333', region };
    expect(singletonOf(name)).toEqual(at);
    expect(claimLeaseName(at)).toBe(name);
  });

  it.each([
    'bedrock-monitor',
    'claim-1-us-east-1-sink',
    'claim-111122223333-us-east-1-link',
    'claim-111122223333-sink',
  ])('%s is none', (name) => {
    expect(singletonOf(name)).toBeUndefined();
  });
});
