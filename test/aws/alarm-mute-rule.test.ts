import { describe, expect, test } from 'vitest';
import { ownerMark } from '#src/domain/owner.ts';
import type { AlarmMuteRule, Tags } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { givenAway, owner, signal, stage, tags, written } from './stage.ts';

const name = 'bedrockmonitor_prod_genai_production_nights';
const ref = { kind: 'AlarmMuteRule', name } as const;
const mute: AlarmMuteRule = {
  ...ref,
  expression: 'cron(0 2 * * SUN)',
  duration: 'P1DT2H',
  timeZone: 'Europe/Berlin',
  startDate: '2026-12-01T00:00:00.000Z',
  alarmNames: ['errors', 'latency'],
  tags,
};
const { startDate: _, ...always } = mute;

keepsItsPromises({
  kind: 'AlarmMuteRule',
  prepare: alarms,
  desired: () => mute,
  edited: () => ({
    ...always,
    expression: 'at(2026-12-05T22:00)',
    duration: 'PT6H',
    expireDate: '2027-01-01T00:00:00.000Z',
    alarmNames: ['errors'],
    tags: { ...tags, team: 'ads' },
  }),
  edit: ['expression', 'duration', 'startDate', 'expireDate', 'alarmNames', 'tags.team'],
  foreign: (on) => seed(on, {}),
  mark: ownerMark(owner),
  undeclared(on) {
    const found = on.region.muteRules.get(name);
    if (found) found.tags['owner'] = 'somebody';
    if (found) on.region.muteRules.set(name, { ...found, description: 'ask somebody' });
    return () => {
      const now = on.region.muteRules.get(name);
      return now && [now.tags['owner'], now.description];
    };
  },
});

describe('AlarmMuteRule', () => {
  test('durations are compared by length, and the order of alarms does not count', async () => {
    const on = ready();
    await put(on);
    const found = on.region.muteRules.get(name);
    if (found) on.region.muteRules.set(name, { ...found, duration: 'PT26H', alarmNames: ['latency', 'errors'] });
    expect(on.handlers().AlarmMuteRule.diff(mute, await look(on))).toEqual([]);
  });

  test('waits for alarms that are being made; after two minutes it is put over the others, and over all once they exist', async () => {
    const on = ready();
    on.region.alarms.delete('latency');
    const { AlarmMuteRule } = on.handlers();
    const apply = async () => AlarmMuteRule.apply(mute, await look(on).catch(() => undefined), signal);
    expect(await on.failure(apply())).toMatchObject({
      name: 'Waiting',
      reason: 'DependencyNotReady',
      message: expect.stringContaining('latency'),
    });
    expect(written(on.aws)).toEqual([]);
    await on.clock.advance(120_000);
    expect(await on.failure(apply())).toMatchObject({ name: 'Stalled', reason: 'DependencyNotReady' });
    expect(on.region.muteRules.get(name)?.alarmNames).toEqual(['errors']);
    on.aws.forgetCalls();
    expect(await on.failure(apply())).toMatchObject({ name: 'Stalled' });
    expect(written(on.aws)).toEqual([]);
    alarms(on);
    await on.run(apply());
    expect(on.region.muteRules.get(name)?.alarmNames).toEqual(['errors', 'latency']);
  });

  test('is not put while there is no alarm at all: without targets it would say something else', async () => {
    const on = stage();
    expect(await on.failure(on.handlers().AlarmMuteRule.apply(mute, undefined, signal))).toMatchObject({
      name: 'Waiting',
    });
    expect(written(on.aws)).toEqual([]);
  });

  test('tags are not read at a resync, and set apart where they alone differ', async () => {
    const on = ready();
    await put(on);
    await on.settle();
    const { AlarmMuteRule } = on.handlers();
    on.aws.forgetCalls();
    const unread = await on.run(AlarmMuteRule.observe(ref, 'IfFree', signal));
    if (unread === undefined) throw new Error('absent');
    expect(unread.mark).toEqual({ state: 'Unread' });
    const edited = { ...mute, tags: { ...tags, team: 'ads' } };
    expect(AlarmMuteRule.diff(edited, unread)).toEqual([]);
    expect(on.aws.calls.map(({ operation }) => operation)).toEqual(['GetAlarmMuteRule']);
    await on.run(AlarmMuteRule.apply(edited, await look(on), signal));
    expect(written(on.aws)).toEqual(['TagResource']);
  });

  test('one that its owner gives away by a tag is taken over in place, and keeps the tag', async () => {
    const on = ready();
    seed(on, givenAway);
    const found = await look(on);
    expect(found).toMatchObject({ mark: { state: 'None' }, resource: { tags: givenAway } });
    await on.run(on.handlers().AlarmMuteRule.apply(mute, found, signal));
    expect(written(on.aws)).toEqual(['TagResource', 'PutAlarmMuteRule']);
    expect(on.region.muteRules.get(name)?.tags).toEqual({ ...givenAway, ...tags });
  });

  test('what AWS refuses is quoted', async () => {
    const on = ready();
    const wrong = { ...mute, timeZone: 'Mars/Olympus' };
    expect(await on.failure(on.handlers().AlarmMuteRule.apply(wrong, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'RejectedByAWS',
      message: expect.stringContaining('Mars/Olympus'),
    });
  });

  test('without inventory the rules are found by the prefix of their names', async () => {
    const on = ready();
    await put(on);
    await on.settle();
    on.region.muteRules.set('theirs', { ...rule({}), name: 'theirs' });
    const others = 'bedrockmonitor_prod_genai_production2_nights';
    on.region.muteRules.set(others, { ...rule({}), name: others });
    expect(await on.run(on.handlers().AlarmMuteRule.find?.(owner, signal) ?? Promise.resolve([]))).toEqual([ref]);
  });
});

function ready(): Stage {
  const on = stage();
  alarms(on);
  return on;
}

function alarms(on: Stage): void {
  for (const alarm of ['errors', 'latency']) {
    on.region.alarms.set(alarm, {
      kind: 'MetricAlarm',
      name: alarm,
      configuration: {},
      tags: {},
      configurationUpdatedAt: 0,
      state: 'OK',
      stateReason: '',
      stateReasonData: undefined,
      stateUpdatedAt: 0,
      stateTransitionedAt: 0,
    });
  }
}

async function put(on: Stage): Promise<void> {
  await on.run(on.handlers().AlarmMuteRule.apply(mute, undefined, signal));
}

async function look(on: Stage) {
  await on.settle();
  const found = await on.run(on.handlers().AlarmMuteRule.observe(ref, 'Always', signal));
  if (found === undefined) throw new Error('absent');
  return found;
}

function seed(on: Stage, withTags: Tags): void {
  on.region.muteRules.set(name, rule(withTags));
}

function rule(withTags: Tags) {
  return {
    name,
    expression: 'cron(0 0 * * *)',
    duration: 'PT1H',
    timeZone: 'UTC',
    alarmNames: ['errors'],
    startDate: undefined,
    expireDate: undefined,
    tags: { ...withTags },
    lastUpdated: 0,
  };
}
