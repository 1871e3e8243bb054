import { describe, expect, test } from 'vitest';
import { markDescription, tagsHash } from '#src/aws/marks.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { CompositeAlarm } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, givenAway, owner, region, signal, stage, tags, written } from './stage.ts';

const name = 'bedrockmonitor/prod/genai/production/users-suffer';
const ref = { kind: 'CompositeAlarm', name } as const;
const topic = `arn:aws:sns:${region}:${accountID}:pages`;
const arn = (alarm: string) => `arn:aws:cloudwatch:${region}:${accountID}:alarm:${alarm}`;
const composite: CompositeAlarm = {
  ...ref,
  description: 'Users suffer.\nRunbook: https://example.com',
  rule: 'ALARM("errors") AND NOT ALARM("quota")',
  actionsEnabled: true,
  alarmActions: [topic],
  okActions: [],
  insufficientDataActions: [],
  actionsSuppressor: { alarm: 'deploying', waitPeriod: 120, extensionPeriod: 300 },
  tags,
};
const { actionsSuppressor: _, ...unsuppressed } = composite;

keepsItsPromises({
  kind: 'CompositeAlarm',
  prepare: children,
  desired: () => composite,
  edited: () => ({
    ...unsuppressed,
    description: 'Users wait.',
    rule: 'ALARM("errors")',
    alarmActions: [],
    tags: { ...tags, team: 'ads' },
  }),
  edit: ['description', 'rule', 'alarmActions', 'actionsSuppressor', 'tags'],
  foreign: (on) => seed(on, 'CompositeAlarm', { AlarmDescription: 'mine', AlarmRule: 'FALSE' }),
  mark: ownerMark(owner),
  undeclared(on) {
    const found = on.region.alarms.get(name);
    const ActionConfiguration = { AlarmTagsPropagation: { Enabled: true } };
    if (found) found.configuration = { ...found.configuration, ActionConfiguration };
    if (found) found.tags['owner'] = 'somebody';
    return () => [found?.configuration['ActionConfiguration'], on.region.alarms.get(name)?.tags['owner']];
  },
});

describe('CompositeAlarm', () => {
  test.each([
    ['blanks', '  ALARM( "errors" )\n AND  NOT ALARM("quota")'],
    ['quotes', 'ALARM(errors) AND NOT ALARM(quota)'],
    ['parentheses', '((ALARM(errors)) AND (NOT (ALARM(quota))))'],
  ])('rules are compared by meaning, whatever the %s', async (_what, AlarmRule) => {
    const on = ready();
    await put(on);
    const found = on.region.alarms.get(name);
    if (found) found.configuration = { ...found.configuration, AlarmRule };
    expect(on.handlers().CompositeAlarm.diff(composite, await look(on))).toEqual([]);
  });

  test('a rule that somebody rewrote differs, and is put right', async () => {
    const on = ready();
    await put(on);
    const found = on.region.alarms.get(name);
    if (found) found.configuration = { ...found.configuration, AlarmRule: 'FALSE' };
    const drifted = await look(on);
    expect(on.handlers().CompositeAlarm.diff(composite, drifted)).toEqual([
      { path: 'rule', from: 'FALSE', to: composite.rule },
    ]);
    await on.run(on.handlers().CompositeAlarm.apply(composite, drifted, signal));
    expect(found?.configuration['AlarmRule']).toBe(composite.rule);
  });

  test('a suppressor by name and by ARN is one', async () => {
    const on = ready();
    await put(on);
    const actionsSuppressor = { alarm: arn('deploying'), waitPeriod: 120, extensionPeriod: 300 };
    expect(on.handlers().CompositeAlarm.diff({ ...composite, actionsSuppressor }, await look(on))).toEqual([]);
  });

  test('a suppressor that somebody added silences the alarm: it differs, and goes', async () => {
    const on = ready();
    await put(on);
    const found = await look(on);
    expect(
      on
        .handlers()
        .CompositeAlarm.diff(unsuppressed, found)
        .map(({ path }) => path),
    ).toEqual(['actionsSuppressor']);
    await on.run(on.handlers().CompositeAlarm.apply(unsuppressed, found, signal));
    expect(on.region.alarms.get(name)?.configuration).not.toHaveProperty('ActionsSuppressor');
  });

  test('the state of the alarm comes with the read', async () => {
    const on = ready();
    await put(on);
    expect((await look(on)).alarmState).toBe('OK');
    const errors = on.region.alarms.get('errors');
    if (errors) errors.state = 'ALARM';
    expect((await look(on)).alarmState).toBe('ALARM');
  });

  test('an alarm that AWS does not see yet is waited for, and one that never comes is said after two minutes', async () => {
    const on = stage();
    const { CompositeAlarm } = on.handlers();
    const apply = () => CompositeAlarm.apply(composite, undefined, signal);
    expect(await on.failure(apply())).toMatchObject({
      name: 'Waiting',
      reason: 'DependencyNotReady',
      message: expect.stringContaining('[errors, quota]'),
    });
    await on.clock.advance(120_000);
    expect(await on.failure(apply())).toMatchObject({ name: 'Stalled', reason: 'UnknownAlarmReference' });
    children(on);
    await on.run(apply());
    on.region.alarms.delete('quota');
    expect(await on.failure(apply())).toMatchObject({ name: 'Waiting' });
  });

  test('a name that a metric alarm has is seen, and is not ours', async () => {
    const on = stage();
    seed(on, 'MetricAlarm', { AlarmDescription: 'mine' });
    expect(await look(on)).toMatchObject({
      mark: { state: 'None' },
      notAdoptable: expect.stringContaining('It is a metric alarm, and only a composite'),
    });
    seed(on, 'MetricAlarm', { AlarmDescription: markDescription('ours', owner, tags) });
    expect(await look(on)).toMatchObject({
      mark: { state: 'None' },
      notAdoptable: expect.stringContaining('made under the name before and let go of'),
    });
    const listed = new Set([`MetricAlarm/${name}`]);
    const { CompositeAlarm } = on.handlers(undefined, owner, 'Edit', listed);
    const found = await on.run(CompositeAlarm.observe(ref, 'Always', signal));
    expect(found).toMatchObject({ mark: { state: 'None' }, goesFirst: true });
    expect(found?.notAdoptable).toBeUndefined();
  });

  test('one that its owner gives away by a tag is taken over in place, and keeps tag and state', async () => {
    const on = ready();
    seed(on, 'CompositeAlarm', { AlarmDescription: 'mine', AlarmRule: 'ALARM(errors)' }, givenAway);
    const found = await look(on);
    expect(found).toMatchObject({ mark: { state: 'None' }, resource: { tags: givenAway } });
    await on.run(on.handlers().CompositeAlarm.apply(composite, found, signal));
    expect(written(on.aws)).toEqual(['TagResource', 'PutCompositeAlarm']);
    expect(on.region.alarms.get(name)?.tags).toEqual({ ...givenAway, ...tags });
    expect(on.handlers().CompositeAlarm.diff(composite, await look(on))).toEqual([]);
  });

  test('composites go one a call, and the alarms that they named after them', async () => {
    const on = ready();
    await put(on);
    const { CompositeAlarm, MetricAlarm } = on.handlers();
    const found = await look(on);
    const errors = { kind: 'MetricAlarm', name: 'errors' } as const;
    const free = { kind: 'MetricAlarm', name: 'free' } as const;
    const child = await on.run(MetricAlarm.observe(errors, 'IfFree', signal));
    if (child === undefined) throw new Error('absent');
    on.aws.forgetCalls();
    const both = Promise.allSettled([
      MetricAlarm.delete(errors, child, signal),
      MetricAlarm.delete(free, child, signal),
    ]);
    expect(await on.run(both)).toMatchObject([
      { status: 'rejected', reason: { name: 'Waiting', reason: 'DependencyNotReady' } },
      { status: 'fulfilled' },
    ]);
    expect(on.aws.writes().map(({ input }) => input['AlarmNames'])).toEqual([['errors', 'free'], ['errors'], ['free']]);
    await on.run(CompositeAlarm.delete(ref, found, signal));
    await on.settle();
    await on.run(MetricAlarm.delete(errors, child, signal));
    expect([...on.region.alarms.keys()]).toEqual(['quota', 'deploying']);
  });

  test('one that others name too stays, which is said after two minutes', async () => {
    const on = ready();
    await put(on);
    seed(on, 'CompositeAlarm', { AlarmRule: `ALARM("${name}")` }, {}, 'theirs');
    const { CompositeAlarm } = on.handlers();
    const found = await look(on);
    expect(await on.failure(CompositeAlarm.delete(ref, found, signal))).toMatchObject({ name: 'Waiting' });
    await on.clock.advance(120_000);
    expect(await on.failure(CompositeAlarm.delete(ref, found, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'RejectedByAWS',
    });
  });

  test('without inventory the composites are found by the prefix of their names', async () => {
    const on = ready();
    await put(on);
    await on.settle();
    seed(on, 'MetricAlarm', {}, {}, `${name}-metric`);
    expect(await on.run(on.handlers().CompositeAlarm.find?.(owner, signal) ?? Promise.resolve([]))).toEqual([ref]);
  });

  test('the mark is that of all alarms', async () => {
    const on = ready();
    await put(on);
    expect(on.region.alarms.get(name)?.configuration['AlarmDescription']).toBe(
      `${composite.description}\nbedrockmonitor ${ownerMark(owner)} ${tagsHash(tags)}`,
    );
  });
});

function ready(): Stage {
  const on = stage();
  children(on);
  return on;
}

/** The alarms that the rule names, and one that it does not. */
function children(on: Stage): void {
  for (const one of ['errors', 'quota', 'deploying', 'free']) seed(on, 'MetricAlarm', {}, {}, one);
}

async function put(on: Stage): Promise<void> {
  await on.run(on.handlers().CompositeAlarm.apply(composite, undefined, signal));
}

async function look(on: Stage) {
  await on.settle();
  const found = await on.run(on.handlers().CompositeAlarm.observe(ref, 'Always', signal));
  if (found === undefined) throw new Error('absent');
  return found;
}

function seed(
  on: Stage,
  kind: 'MetricAlarm' | 'CompositeAlarm',
  configuration: Record<string, string>,
  withTags: Record<string, string> = {},
  alarm = name,
): void {
  on.region.alarms.set(alarm, {
    kind,
    name: alarm,
    configuration,
    tags: { ...withTags },
    configurationUpdatedAt: 0,
    state: 'OK',
    stateReason: '',
    stateReasonData: undefined,
    stateUpdatedAt: 0,
    stateTransitionedAt: 0,
  });
}
