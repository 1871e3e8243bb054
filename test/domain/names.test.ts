import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  alarmName,
  dashboardName,
  expectedMark,
  modelSegment,
  namePrefixes,
  parseMark,
  policyName,
  queryName,
} from '#src/domain/names.ts';
import { ownerMark } from '#src/domain/owner.ts';

const owner = { cluster: 'prod', namespace: 'genai', name: 'production', uid: 'u' };
const place = { accountID: '111122223333', region: 'us-east-1', partition: 'aws' };
const longest = { cluster: 'c'.repeat(32), namespace: 'n'.repeat(63), name: 'm'.repeat(63), uid: 'u' };
const entry = 'e'.repeat(63);
const profile = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/q1w2e3r4t5y6';

describe('derived names', () => {
  test.each([
    ['an alarm', alarmName(owner, place, 'throttling'), 'bedrockmonitor/prod/genai/production/throttling'],
    [
      'an alarm of a model',
      alarmName(owner, place, 'latency', 'amazon.nova-pro-v1:0'),
      'bedrockmonitor/prod/genai/production/latency/amazon.nova-pro-v1:0',
    ],
    [
      'an alarm of a profile by ARN: its last segment',
      alarmName(owner, place, 'latency', profile),
      'bedrockmonitor/prod/genai/production/latency/q1w2e3r4t5y6',
    ],
    ['a query', queryName(owner, place, 'latest'), 'bedrockmonitor/prod/genai/production/latest'],
    [
      'a dashboard carries its Region: one name space for all of an account',
      dashboardName(owner, place, 'overview'),
      'bedrockmonitor_prod_genai_production_overview_us-east-1',
    ],
    ['a masking policy', policyName(owner, place), 'bedrockmonitor_prod_genai_production'],
  ])('%s', (_, name, expected) => {
    expect(name).toBe(expected);
  });

  test('a dashboard of another Region has another name', () => {
    expect(dashboardName(owner, { ...place, region: 'eu-west-1' }, 'overview')).not.toBe(
      dashboardName(owner, place, 'overview'),
    );
  });

  test('a model is its ID, and the last segment of its ARN', () => {
    expect(modelSegment('us.anthropic.claude-sonnet-4-20250514-v1:0')).toBe(
      'us.anthropic.claude-sonnet-4-20250514-v1:0',
    );
    expect(modelSegment('arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0')).toBe(
      'amazon.nova-pro-v1:0',
    );
  });
});

describe('truncation', () => {
  const model = 'x'.repeat(200);

  test('the longest names without a model are not cut', () => {
    expect(alarmName(longest, place, entry)).toBe(`bedrockmonitor/${ownerMark(longest)}/${entry}`);
    expect(policyName(longest, place)).toHaveLength(175);
  });

  test('a name over 255 keeps 246 characters, then ~ and the first 8 hex digits of SHA-256 over what tells it apart', () => {
    const whole = `bedrockmonitor/${ownerMark(longest)}/${entry}/${model}`;
    const hash = createHash('sha256').update(`${longest.cluster}\n111122223333\nus-east-1\n${whole}`).digest('hex');
    expect(alarmName(longest, place, entry, model)).toBe(`${whole.slice(0, 246)}~${hash.slice(0, 8)}`);
  });

  test('the longest dashboard just fits; one of a longer Region is cut with -, as ~ is not allowed in its name', () => {
    const fits = dashboardName(longest, { ...place, region: 'ap-southeast-10' }, entry);
    const cut = dashboardName(longest, { ...place, region: 'ap-southeast-100' }, entry);
    expect(fits).toMatch(/^[A-Za-z0-9_-]{255}$/);
    expect(fits.endsWith('_ap-southeast-10')).toBe(true);
    expect(cut).toMatch(/^[A-Za-z0-9_-]{246}-[0-9a-f]{8}$/);
  });

  test('two names that differ after the cut, or in account or Region, stay apart', () => {
    const names = [
      alarmName(longest, place, entry, `${model}a`),
      alarmName(longest, place, entry, `${model}b`),
      alarmName(longest, { ...place, region: 'eu-west-1' }, entry, `${model}a`),
      alarmName(longest, { ...place, accountID: '444455556666' }, entry, `${model}a`),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => name.length === 255)).toBe(true);
  });

  test('a name exactly at the limit is kept whole', () => {
    const fits = 255 - `bedrockmonitor/${ownerMark(owner)}/${entry}/`.length;
    const name = alarmName(owner, place, entry, 'x'.repeat(fits));
    expect(name).toHaveLength(255);
    expect(name).not.toContain('~');
    expect(alarmName(owner, place, entry, 'x'.repeat(fits + 1)).at(-9)).toBe('~');
  });
});

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const cluster = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
const owners = fc.record({ cluster, namespace: label, name: label, uid: fc.constant('u') });

describe('collisions', () => {
  const key = (one: typeof owner, item: string): string => [one.cluster, one.namespace, one.name, item].join('|');

  test('different owners or entries never come to one name, short or long', () => {
    fc.assert(
      fc.property(owners, owners, label, label, fc.constantFrom('', 'y'.repeat(220)), (a, b, x, y, tail) => {
        fc.pre(key(a, x) !== key(b, y));
        const model = tail === '' ? undefined : tail;
        expect(alarmName(a, place, x, model)).not.toBe(alarmName(b, place, y, model));
        expect(dashboardName(a, place, x)).not.toBe(dashboardName(b, place, y));
        expect(queryName(a, place, x)).not.toBe(queryName(b, place, y));
      }),
      { seed: 20_261, numRuns: 300 },
    );
  });

  test('what a monitor derives lies under its own prefixes, and under no other monitor’s', () => {
    fc.assert(
      fc.property(owners, owners, label, (a, b, item) => {
        const own = namePrefixes(a);
        expect(alarmName(a, place, item).startsWith(own.path)).toBe(true);
        expect(dashboardName(a, place, item).startsWith(own.flat)).toBe(true);
        fc.pre(ownerMark(a) !== ownerMark(b));
        const other = namePrefixes(b);
        expect(alarmName(a, place, item).startsWith(other.path)).toBe(false);
        expect(dashboardName(a, place, item).startsWith(other.flat)).toBe(false);
      }),
      { seed: 20_262, numRuns: 300 },
    );
  });

  test('a mark reads back as its owner, in both forms', () => {
    fc.assert(
      fc.property(owners, (one) => {
        const { uid: _, ...expected } = one;
        expect(parseMark(expectedMark('MetricAlarm', one, place))).toEqual(expected);
        expect(parseMark(expectedMark('DataProtectionPolicy', one, place))).toEqual(expected);
      }),
      { seed: 20_263, numRuns: 100 },
    );
  });

  test.each(['', 'a/b', 'a/b/c/d', 'a//c', 'bedrockmonitor_a_b', 'data-protection-policy'])('%j is no mark', (mark) => {
    expect(parseMark(mark)).toBeUndefined();
  });
});
