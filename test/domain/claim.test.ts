import { describe, expect, it } from 'vitest';
import type { Claim, Claimant, Ownership, Standing } from '#src/domain/claim.ts';
import { ownership, standing } from '#src/domain/claim.ts';
import type { JsonObject } from '#src/domain/json.ts';

function claimant(name: string, createdAt = '2026-01-02T00:00:00Z'): Claimant {
  return { namespace: 'genai', name, uid: `uid-of-${name}`, createdAt };
}

const me = claimant('me');
const older = claimant('older', '2026-01-01T00:00:00Z');
const younger = claimant('younger', '2026-01-03T00:00:00Z');

describe('who may write the one logging configuration', () => {
  it.each<[string, Claim | undefined, boolean, readonly Claimant[], Standing]>([
    ['nobody else asks', undefined, false, [], { kind: 'Take' }],
    ['the others are younger', undefined, false, [younger], { kind: 'Take' }],
    ['an older one asks, too', undefined, false, [younger, older], { kind: 'Behind', first: 'genai/older' }],
    ['of one second, the name decides', undefined, false, [claimant('aaa')], { kind: 'Behind', first: 'genai/aaa' }],
    ['of one second, the name decides', undefined, false, [claimant('zzz')], { kind: 'Take' }],
    ['the holder was emptied', { previous: 'none' }, false, [younger], { kind: 'Take' }],
    ['we hold it, however young', { holder: 'genai/me' }, false, [older], { kind: 'Holder' }],
    [
      'we hold it under an earlier uid: the same name is the same holder',
      { holder: 'genai/me', holderUID: 'another' },
      false,
      [older],
      { kind: 'Holder' },
    ],
    [
      'another holds it, however young, and asks',
      { holder: 'genai/younger', acquireTime: '2026-01-04T00:00:00.000Z' },
      true,
      [younger],
      { kind: 'Conflict', holder: 'genai/younger', since: '2026-01-04T00:00:00.000Z' },
    ],
    ['the holder is gone or no longer asks', { holder: 'genai/gone' }, false, [younger], { kind: 'Take' }],
    [
      'the holder is gone, and an older one waits',
      { holder: 'genai/gone' },
      false,
      [older],
      { kind: 'Behind', first: 'genai/older' },
    ],
  ])('%s', (_, claim, holderAsks, rivals, expected) => {
    expect(standing(me, claim, holderAsks, rivals)).toEqual(expected);
  });
});

describe('whose the configuration in AWS is', () => {
  const ours: JsonObject = { cloudWatchConfig: { logGroupName: '/ours', roleArn: 'r' }, textDataDeliveryEnabled: true };
  const before: JsonObject = { s3Config: { bucketName: 'ours-too' }, textDataDeliveryEnabled: true };
  const text = (value: JsonObject) => JSON.stringify(value);

  it.each<[string, JsonObject | undefined, Claim | undefined, Ownership]>([
    ['there is none, and none was put', undefined, undefined, 'None'],
    ['there is none, and none was put', undefined, { previous: 'none' }, 'None'],
    ['it is gone though we had put it', undefined, { intended: text(ours) }, 'Drifted'],
    ['it is what we were about to write', ours, { intended: text(ours) }, 'Ours'],
    ['a crash came before the Put', before, { written: text(before), intended: text(ours) }, 'Ours'],
    ['an absent flag is off', { ...ours, imageDataDeliveryEnabled: false }, { intended: text(ours) }, 'Ours'],
    ['AWS added a member of its own', { ...ours, version: 2 }, { intended: text(ours) }, 'Ours'],
    [
      'changed, and still to our log group',
      { ...ours, videoDataDeliveryEnabled: true },
      { intended: text(ours) },
      'Drifted',
    ],
    [
      'changed, and still to a bucket of ours',
      { ...before, imageDataDeliveryEnabled: true },
      { written: text(before), intended: text(ours) },
      'Drifted',
    ],
    ['it goes elsewhere', { s3Config: { bucketName: 'theirs' } }, { intended: text(ours) }, 'Foreign'],
    ['nothing says that it is ours', ours, undefined, 'Foreign'],
    ['what said so is garbage', ours, { intended: '{', written: '[]' }, 'Foreign'],
    ['what was there before us is not ours', before, { previous: text(before), intended: text(ours) }, 'Foreign'],
  ])('%s', (_, live, claim, expected) => {
    expect(ownership(live, claim)).toBe(expected);
  });
});
