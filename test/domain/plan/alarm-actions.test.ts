import { describe, expect, test } from 'vitest';
import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import { planAlarms } from '#src/domain/plan/metric-alarm.ts';
import { facts, planned, remarks, spec } from './given.ts';

const topic = (name: string, region = 'us-east-1', account = '111122223333', partition = 'aws'): string =>
  `arn:${partition}:sns:${region}:${account}:${name}`;

const throttling = { name: 'throttling', preset: 'Throttling' } as const;
const notifications = {
  routes: [
    { severity: 'Warning' as const, alarmActions: [topic('ticket')], okActions: [topic('done')] },
    { severity: 'Critical' as const, alarmActions: [topic('page')] },
  ],
};

function actions(entry: AlarmEntry): unknown {
  const [alarm] = planned('MetricAlarm', planAlarms(spec({ notifications, alarms: [entry] }), facts()));
  return alarm && [alarm.alarmActions, alarm.okActions, alarm.insufficientDataActions];
}

describe('routes', () => {
  test.each<[string, AlarmEntry, string[][]]>([
    ['the preset’s severity chooses the route', throttling, [[topic('ticket')], [topic('done')], []]],
    ['the entry’s severity wins', { ...throttling, severity: 'Critical' }, [[topic('page')], [], []]],
    [
      'any action of the entry replaces the whole route',
      { ...throttling, okActions: [topic('x')] },
      [[], [topic('x')], []],
    ],
    ['an empty list silences', { ...throttling, alarmActions: [] }, [[], [], []]],
    ['a severity without a route', { ...throttling, severity: 'Info' }, [[], [], []]],
    [
      'order and repetition do not matter',
      { ...throttling, alarmActions: [topic('b'), topic('a'), topic('b')] },
      [[topic('a'), topic('b')], [], []],
    ],
  ])('%s', (_, entry, expected) => {
    expect(actions(entry)).toEqual(expected);
  });
});

describe('who may be notified', () => {
  const outcome = (arn: string, actionARNs: readonly string[] = []): unknown =>
    remarks(planAlarms(spec({ alarms: [{ ...throttling, alarmActions: [arn] }] }), facts({ actionARNs })));

  test.each<[string, string, string[], boolean]>([
    ['a topic of the same account and Region', topic('genai'), [], true],
    ['a FIFO topic', topic('genai.fifo'), [], true],
    ['a topic of another account', topic('genai', 'us-east-1', '999988887777'), [], false],
    ['a topic of another Region', topic('genai', 'eu-west-1'), [], false],
    ['a topic of another partition', topic('genai', 'us-east-1', '111122223333', 'aws-cn'), [], false],
    ['a subscription is no topic', topic('genai:1234'), [], false],
    ['a topic with a glob in it is no topic', topic('*'), [], false],
    ['a function', 'arn:aws:lambda:us-east-1:111122223333:function:f', [], false],
    [
      'what the list names',
      topic('all', 'us-east-1', '999988887777'),
      [topic('all', 'us-east-1', '999988887777')],
      true,
    ],
    [
      'what a glob of the list matches',
      topic('all', 'us-east-1', '999988887777'),
      ['arn:aws:sns:*:999988887777:*'],
      true,
    ],
    ['a glob must match the whole ARN', topic('all', 'us-east-1', '999988887777'), ['sns:*:999988887777'], false],
    ['a dot in a glob is a dot', topic('aXfifo', 'us-east-1', '999988887777'), [topic('a.fifo', '*', '*')], false],
  ])('%s', (_, arn, list, allowed) => {
    expect(outcome(arn, list)).toEqual(allowed ? [] : ['ActionNotAllowed alarms/throttling']);
  });

  test('the Region that counts is the monitor’s', () => {
    const place = { accountID: '111122223333', region: 'eu-west-1', partition: 'aws' };
    const alarms = [{ ...throttling, alarmActions: [topic('genai', 'eu-west-1')] }];
    expect(remarks(planAlarms(spec({ alarms }), facts({ place })))).toEqual([]);
  });

  test('the refused alarm is left out, and the others go on; the message names target and remedy', () => {
    const foreign = topic('pager', 'us-east-1', '999988887777');
    const outcome = planAlarms(
      spec({
        alarms: [
          { ...throttling, okActions: [foreign] },
          { name: 'errors', preset: 'ErrorRate', alarmActions: [topic('ok')] },
        ],
      }),
      facts(),
    );
    expect(outcome.resources?.map(({ path }) => path)).toEqual(['alarms/errors']);
    expect(outcome.keep).toEqual(['Alarms']);
    expect(outcome.remarks?.[0]?.message).toContain(foreign);
    expect(outcome.remarks?.[0]?.message).toContain('actionARNs for namespace genai');
  });

  test('a route to a refused target refuses the alarms that use it', () => {
    const foreign = [{ severity: 'Warning' as const, alarmActions: [topic('t', 'us-east-1', '999988887777')] }];
    const alarms: AlarmEntry[] = [throttling, { name: 'errors', preset: 'ErrorRate', alarmActions: [topic('ok')] }];
    expect(remarks(planAlarms(spec({ notifications: { routes: foreign }, alarms }), facts()))).toEqual([
      'ActionNotAllowed alarms/throttling',
    ]);
  });
});

describe('NobodyNotified', () => {
  const note = (entries: AlarmEntry[], routes = notifications): readonly string[] =>
    (planAlarms(spec({ notifications: routes, alarms: entries }), facts()).remarks ?? []).map(({ message }) => message);

  test('lists the alarms of severities without a route, and prunes as usual', () => {
    const entries: AlarmEntry[] = [
      throttling,
      { name: 'legacy', preset: 'LegacyModel' },
      { name: 'refused', preset: 'ClientErrors' },
    ];
    expect(note(entries)).toEqual([
      'nobody is notified of alarms of severity Info (legacy, refused): add a route to notifications.routes, or alarmActions to the entries',
    ]);
    expect(planAlarms(spec({ alarms: entries }), facts())).toMatchObject({ keep: [] });
  });

  test.each<[string, AlarmEntry]>([
    ['actionsEnabled: false', { ...throttling, severity: 'Info', actionsEnabled: false }],
    ['alarmActions: []', { ...throttling, severity: 'Info', alarmActions: [] }],
  ])('does not speak of who is silent on purpose: %s', (_, entry) => {
    expect(note([entry])).toEqual([]);
  });

  test('stays short for a hundred alarms', () => {
    const entries = Array.from({ length: 100 }, (_, index) => ({ ...throttling, name: `${'n'.repeat(60)}${index}` }));
    const [message = ''] = note(entries, { routes: [] });
    expect(message).toContain('and 95 more');
    expect(message.length).toBeLessThan(1024);
  });
});
