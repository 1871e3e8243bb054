import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { approve, planOf } from '#test/support/plan-in-status.ts';
import { said } from '#test/support/said.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:pager`;
const prefix = 'bedrockmonitor/test/genai/production';
const alarm = (name: string) => ({ name, preset: 'Throttling' as const, models: [] });

/** Two alarms, an slo, a composite over all of them, and a window of silence. */
const spec: BedrockMonitorSpec = {
  region: REGION,
  notifications: {
    routes: [
      { severity: 'Critical', alarmActions: [topic] },
      { severity: 'Warning', alarmActions: [topic] },
    ],
  },
  alarms: [alarm('one'), alarm('two')],
  slos: [{ name: 'available', objective: 99.9, errors: {} }],
  compositeAlarms: [{ name: 'any', anyOf: ['one', 'two', 'available'] }],
  muteRules: [{ name: 'nights', cron: '0 2 * * *', duration: '1h' }],
};

describe('alarms over alarms', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
    world.aws.account(ACCOUNT).topic(REGION, 'pager');
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const names = () => [...region().alarms.keys()].map((name) => name.slice(prefix.length + 1)).sort();
  const ruleOf = (name: string) => region().alarms.get(`${prefix}/${name}`)?.configuration['AlarmRule'];
  const refused = () => world.aws.writes().filter(({ outcome }) => outcome?.kind === 'Refused');
  const settled = async (next: BedrockMonitorSpec) => {
    await world.apply('production', next);
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'True', reason: 'InSync' });
    return monitor;
  };

  it('are made after them, and none is asked for before AWS shows what it names', async () => {
    const monitor = await settled(spec);
    expect(names()).toEqual([
      'any',
      'available/fast',
      'available/fast-1h',
      'available/fast-5m',
      'available/slow',
      'available/slow-30m',
      'available/slow-6h',
      'one',
      'two',
    ]);
    expect(ruleOf('any')).toBe(
      ['one', 'two', 'available/fast', 'available/slow'].map((name) => `ALARM("${prefix}/${name}")`).join(' OR '),
    );
    expect(region().muteRules.get('bedrockmonitor_test_genai_production_nights')?.alarmNames).toEqual(
      ['any', 'available/fast', 'available/slow', 'one', 'two'].map((name) => `${prefix}/${name}`),
    );
    expect(monitor?.status?.alarms).toMatchObject({ summary: '10/10' });
    expect(refused()).toEqual([]);
  });

  it('rest: nothing is written once they are in sync', async () => {
    await settled(spec);
    await world.clock.advance(60_000);
    world.aws.forgetCalls();
    for (let resync = 0; resync < 2; resync += 1) {
      await world.clock.advance(600_000);
      await world.pass('production', 'genai', 'Drift');
    }
    expect(world.aws.writes()).toEqual([]);
  });

  it('let go of an alarm that leaves the spec before it is deleted', async () => {
    await settled(spec);
    world.aws.forgetCalls();
    await settled({ ...spec, alarms: [alarm('one')], compositeAlarms: [{ name: 'any', anyOf: ['one'] }] });
    expect(names()).not.toContain('two');
    expect(ruleOf('any')).toBe(`ALARM("${prefix}/one")`);
    const order = world.aws.writes().map(({ operation }) => operation);
    expect(order.indexOf('PutCompositeAlarm')).toBeLessThan(order.indexOf('DeleteAlarms'));
  });

  it('name an alarm by its new name before the old one goes', async () => {
    await settled(spec);
    await settled({
      ...spec,
      alarms: [alarm('one'), alarm('three')],
      compositeAlarms: [{ name: 'any', anyOf: ['one', 'three'] }],
    });
    expect(names()).toContain('three');
    expect(names()).not.toContain('two');
    expect(ruleOf('any')).toBe(`ALARM("${prefix}/one") OR ALARM("${prefix}/three")`);
  });

  it('let go of an slo that leaves the spec, and its composites go before its burn rates', async () => {
    await settled(spec);
    const { slos: _, ...rest } = spec;
    await settled({ ...rest, compositeAlarms: [{ name: 'any', allOf: ['one', 'two'] }] });
    expect(names()).toEqual(['any', 'one', 'two']);
  });

  it('leave with all that they name', async () => {
    await settled(spec);
    const { compositeAlarms: _, slos: __, muteRules: ___, ...rest } = spec;
    await settled({ ...rest, alarms: [alarm('one')] });
    expect(names()).toEqual(['one']);
    expect(region().muteRules.size).toBe(0);
  });

  it('go before what they name when the monitor is deleted', async () => {
    await settled(spec);
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    expect(region().alarms.size).toBe(0);
    expect(region().muteRules.size).toBe(0);
  });

  it('an alarm that is named by a composite of others is said to be held', async () => {
    await settled(spec);
    await world.clock.advance(2_000);
    region().alarms.set('theirs', {
      kind: 'CompositeAlarm',
      name: 'theirs',
      configuration: { AlarmRule: `ALARM("${prefix}/two")` },
      tags: {},
      configurationUpdatedAt: 0,
      state: 'OK',
      stateReason: '',
      stateReasonData: undefined,
      stateUpdatedAt: 0,
      stateTransitionedAt: 0,
    });
    await world.apply('production', { ...spec, alarms: [alarm('one')], compositeAlarms: [] });
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({
      status: 'False',
      reason: 'RejectedByAWS',
      message: expect.stringContaining(`alarm ${prefix}/two stays in AWS as long as a composite alarm names it`),
    });
    region().alarms.delete('theirs');
    await world.clock.advance(600_000);
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(names()).not.toContain('two');
  });

  it('need no more than the shipped IAM policy allows', async () => {
    const policy = JSON.parse(readFileSync('manifests/iam-policy.json', 'utf8'));
    world.aws.account(ACCOUNT).state.policies = [policy];
    await settled(spec);
    await settled({
      ...spec,
      tags: { team: 'search' },
      alarms: [alarm('one')],
      compositeAlarms: [{ name: 'any', anyOf: ['one'] }],
    });
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    const denied = world.aws.calls.filter(
      ({ outcome }) => outcome?.kind === 'Refused' && outcome.code.includes('AccessDenied'),
    );
    expect(denied.map(({ operation }) => operation)).toEqual([]);
  });

  it('one bad rule costs only its own composite', async () => {
    await world.apply('production', {
      ...spec,
      compositeAlarms: [
        { name: 'any', anyOf: ['one'] },
        { name: 'wrong', rule: 'ALARM(one' },
      ],
    });
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'False', reason: 'AlarmRuleInvalid' });
    expect(names()).toContain('any');
    expect(names()).toContain('available/fast');
  });

  it('step aside while an alarm that they name becomes one of another kind, and are then as before', async () => {
    const log: AlarmEntry = {
      name: 'two',
      threshold: 5,
      logQuery: {
        queryString: 'filter ispresent(errorCode)',
        aggregationExpression: 'count(*)',
        logGroupNames: ['/aws/bedrock'],
        every: '5m',
        roleARN: `arn:aws:iam::${ACCOUNT}:role/queries`,
      },
    };
    const suppressor = { alarm: 'two', waitPeriod: '1m', extensionPeriod: '1m' };
    const compositeAlarms = [
      { name: 'any', anyOf: ['one', 'two'] },
      { name: 'quiet', anyOf: ['one'], actionsSuppressor: suppressor },
    ];
    await settled({ ...spec, compositeAlarms });
    const before = ['any', 'quiet'].map((name) => region().alarms.get(`${prefix}/${name}`)?.configuration);
    for (const second of [log, alarm('two')]) {
      await settled({ ...spec, alarms: [alarm('one'), second], compositeAlarms });
      const now = ['any', 'quiet'].map((name) => region().alarms.get(`${prefix}/${name}`)?.configuration);
      expect(now).toEqual(before);
    }
  });

  it('are all made by one approved plan, though each waits for those before it', async () => {
    await world.apply('production', { ...spec, mode: 'Plan' });
    await approve(world, planOf(await world.settle('production')).hash);
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'True', reason: 'InSync' });
    expect(monitor?.status?.alarms).toMatchObject({ summary: '10/10' });
  });

  it('what others changed of them is put right', async () => {
    await settled(spec);
    const found = region().alarms.get(`${prefix}/any`);
    if (found) found.configuration = { ...found.configuration, AlarmRule: 'FALSE' };
    const rule = region().muteRules.get('bedrockmonitor_test_genai_production_nights');
    if (rule) region().muteRules.set(rule.name, { ...rule, duration: 'P15D' });
    await world.clock.advance(600_000);
    await world.pass('production', 'genai', 'Drift');
    await world.settle('production');
    expect(ruleOf('any')).toMatch(/^ALARM/);
    expect(region().muteRules.get(rule?.name ?? '')?.duration).toBe('PT1H');
  });
});
