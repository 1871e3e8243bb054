import { describe, expect, test } from 'vitest';
import { ownerMark } from '#src/domain/owner.ts';
import type { LogAnomalyDetector, Tags } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, owner, region, signal, stage, tags } from './stage.ts';

const logGroup = '/aws/bedrock/production';
const own = 'bedrockmonitor/prod/genai/production';
const ref = { kind: 'LogAnomalyDetector', name: `${logGroup}:${own}` } as const;
const detector: LogAnomalyDetector = {
  ...ref,
  evaluationFrequency: 'FIVE_MIN',
  filterPattern: '{ $.errorCode = "*" }',
  visibilityDays: 21,
  enabled: true,
  tags,
};
const groupARN = `arn:aws:logs:${region}:${accountID}:log-group:${logGroup}`;
const arnOf = (id: string) => `arn:aws:logs:${region}:${accountID}:anomaly-detector:${id}`;

function prepare(on: Stage): void {
  on.account.logGroup(region, { name: logGroup });
}

function seed(on: Stage, id: string, carrying: Tags, name: string = own): void {
  on.region.logAnomalyDetectors.set(arnOf(id), {
    arn: arnOf(id),
    name,
    logGroupARN: groupARN,
    kmsKeyId: undefined,
    creationTime: 0,
    lastModified: 0,
    evaluationFrequency: 'ONE_HOUR',
    filterPattern: undefined,
    anomalyVisibilityTime: 7,
    enabled: true,
    tags: { ...carrying },
  });
}

keepsItsPromises({
  kind: 'LogAnomalyDetector',
  prepare,
  desired: () => detector,
  edited: () => ({ ...detector, evaluationFrequency: 'ONE_HOUR', filterPattern: '', tags: { ...tags, team: 'other' } }),
  edit: ['evaluationFrequency', 'filterPattern', 'tags.team'],
  foreign: (on) => seed(on, 'a', { owner: 'them' }),
  mark: ownerMark(owner),
  undeclared(on) {
    const [found] = on.region.logAnomalyDetectors.values();
    if (found) found.tags = { ...found.tags, owner: 'them' };
    return () => {
      const [now] = on.region.logAnomalyDetectors.values();
      return now?.tags['owner'];
    };
  },
});

describe('LogAnomalyDetector', () => {
  const look = (on: Stage, marks: 'IfFree' | 'Always' = 'Always') =>
    on.run(on.handlers().LogAnomalyDetector.observe(ref, marks, signal));

  test('one that somebody paused is drift, and is resumed', async () => {
    const on = stage();
    prepare(on);
    const { LogAnomalyDetector } = on.handlers();
    await on.run(LogAnomalyDetector.apply(detector, undefined, signal));
    for (const one of on.region.logAnomalyDetectors.values()) one.enabled = false;
    await on.settle();
    const now = await look(on);
    if (now === undefined) throw new Error('absent');
    expect(LogAnomalyDetector.diff(detector, now)).toEqual([{ path: 'enabled', from: false, to: true }]);
    await on.run(LogAnomalyDetector.apply(detector, now, signal));
    expect([...on.region.logAnomalyDetectors.values()]).toMatchObject([
      { enabled: true, filterPattern: detector.filterPattern },
    ]);
  });

  test('a create whose answer is lost may make two: the next pass keeps the lowest ARN', async () => {
    const on = stage();
    prepare(on);
    const { LogAnomalyDetector } = on.handlers();
    on.aws.fault({ operation: 'CreateLogAnomalyDetector' }, { kind: 'Reset', effect: 'After' });
    await on.run(LogAnomalyDetector.apply(detector, undefined, signal));
    await on.settle();
    expect(on.region.logAnomalyDetectors.size).toBe(2);
    const now = await look(on);
    if (now === undefined) throw new Error('absent');
    expect(LogAnomalyDetector.diff(detector, now)).toEqual([{ path: 'copies', from: 1, to: 0 }]);
    await on.run(LogAnomalyDetector.apply(detector, now, signal));
    expect([...on.region.logAnomalyDetectors.keys()]).toEqual([now.id]);
  });

  test("ours is told by its tags from another's of the same name, which is left alone", async () => {
    const on = stage();
    prepare(on);
    seed(on, 'a', { owner: 'them' });
    seed(on, 'b', tags);
    const now = await look(on);
    if (now === undefined) throw new Error('absent');
    expect(now).toMatchObject({ id: arnOf('b'), mark: { state: 'Owned' } });
    await on.run(on.handlers().LogAnomalyDetector.delete(ref, now, signal));
    expect([...on.region.logAnomalyDetectors.keys()]).toEqual([arnOf('a')]);
  });

  test('one that the list still shows, and that is gone, is absent', async () => {
    const on = stage();
    prepare(on);
    const { LogAnomalyDetector } = on.handlers();
    const made = await on.run(LogAnomalyDetector.apply(detector, undefined, signal));
    await on.settle();
    const { id: arn = '' } = made;
    await on.run(LogAnomalyDetector.delete(made, { resource: detector, id: arn, mark: { state: 'None' } }, signal));
    expect(await look(on, 'IfFree')).toMatchObject({ id: arn });
    expect(await look(on)).toBeUndefined();
  });

  test('tags are read only where asked for', async () => {
    const on = stage();
    prepare(on);
    seed(on, 'a', tags);
    expect(await look(on, 'IfFree')).toMatchObject({ mark: { state: 'Unread' }, arn: arnOf('a') });
    expect(on.aws.calls.map(({ operation }) => operation)).toEqual(['ListLogAnomalyDetectors']);
  });

  test('without inventory it is found by its name, in whatever log group', async () => {
    const on = stage();
    prepare(on);
    seed(on, 'a', tags);
    seed(on, 'b', {}, 'theirs');
    expect(await on.run(on.handlers().LogAnomalyDetector.find?.(owner, signal) ?? Promise.resolve([]))).toEqual([
      { ...ref, id: arnOf('a') },
    ]);
  });
});
