import { expect, test } from 'vitest';
import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { plan } from '#src/domain/plan.ts';
import { steppingAside } from '#src/domain/stepping-aside.ts';
import { facts, planned, spec } from './plan/given.ts';

const prefix = 'bedrockmonitor/test/genai/production';
const errors: AlarmEntry = {
  name: 'errors',
  threshold: 5,
  logQuery: {
    queryString: 'filter ispresent(errorCode)',
    aggregationExpression: 'count(*)',
    logGroupNames: ['/aws/bedrock'],
    every: '5m',
    roleARN: 'arn:aws:iam::111122223333:role/queries',
  },
};
const over: Partial<BedrockMonitorSpec> = { alarms: [errors], compositeAlarms: [{ name: 'any', anyOf: ['errors'] }] };
const both = [`CompositeAlarm/${prefix}/any`, `MetricAlarm/${prefix}/errors`];

function ruleAfter(members: Partial<BedrockMonitorSpec>, owned: readonly string[]): string | undefined {
  const whole = spec({ ...over, ...members });
  const [composite] = planned('CompositeAlarm', steppingAside(plan(whole, facts()), whole, new Set(owned)));
  return composite?.rule;
}

test('a composite names nothing while the alarm that it names is still the old one', () => {
  expect(ruleAfter({}, both)).toBe('FALSE');
});

test.each<[string, Partial<BedrockMonitorSpec>, readonly string[]]>([
  ['it is the new one already', {}, [`CompositeAlarm/${prefix}/any`, `LogAlarm/${prefix}/errors`]],
  ['the composite is still to be made', {}, [`MetricAlarm/${prefix}/errors`]],
  ['the old one is retained', { deletionPolicy: { alarms: 'Retain' } }, both],
  [
    'nothing is pruned',
    { alarms: [errors, { name: 'far', preset: 'Throttling', alarmActions: ['arn:aws:sns:us-east-1:999988887777:x'] }] },
    both,
  ],
])('but not where %s', (_where, members, owned) => {
  expect(ruleAfter(members, owned)).toBe(`ALARM("${prefix}/errors")`);
});
