import type { JsonObject } from '#src/domain/json.ts';
import { array, check, double, integer, oneOf, required, type Shape, string, structure } from './constraints.ts';
import { AwsError, validationError } from './errors.ts';
import { number, object, text, texts } from './members.ts';
import { alarmName } from './metric-alarm-constraints.ts';
import { checkDuration, checkExpression, checkTimeZone, isOneTime, windowEnd } from './mute-schedule.ts';
import { arn, type Operation, type Scope } from './operation.ts';
import { page } from './paging.ts';
import type { MuteRule } from './state.ts';
import { tag, tagLimit } from './tag-constraints.ts';
import { newTags, tagEntries } from './tags.ts';

const statuses = ['SCHEDULED', 'ACTIVE', 'EXPIRED'];
const ruleName = string(1, 255, /^\P{Cc}+$/u);
/** ListAlarmMuteRules answers so many where MaxRecords is absent. */
const pageSize = 50;
const MINUTE = 60;

const putAlarmMuteRuleShape: Shape = {
  Name: required(ruleName),
  Description: string(0, 1024),
  Rule: required(
    structure({
      Schedule: required(
        structure({
          Expression: required(string(1, 256)),
          Duration: required(string(1, 50)),
          Timezone: string(1, 50),
        }),
      ),
    }),
  ),
  MuteTargets: structure({ AlarmNames: required(array(0, 100, alarmName)) }),
  Tags: array(0, tagLimit, tag),
  StartDate: double(),
  ExpireDate: double(),
};

const putAlarmMuteRule: Operation = {
  service: 'monitoring',
  name: 'PutAlarmMuteRule',
  mutates: true,
  // On the rule and on every alarm that it mutes (API reference).
  permissions: (input, scope) => [
    { action: 'cloudwatch:PutAlarmMuteRule', resource: ruleARN(text(input, 'Name') ?? '', scope) },
    ...texts(object(input, 'MuteTargets'), 'AlarmNames').map((name) => ({
      action: 'cloudwatch:PutAlarmMuteRule',
      resource: arn(scope, 'cloudwatch', `alarm:${name}`),
    })),
    ...(tagEntries(input).length > 0
      ? [{ action: 'cloudwatch:TagResource', resource: ruleARN(text(input, 'Name') ?? '', scope) }]
      : []),
  ],
  run(input, scope) {
    check(input, putAlarmMuteRuleShape, validationError);
    const name = text(input, 'Name') ?? '';
    const schedule = object(object(input, 'Rule'), 'Schedule') ?? {};
    const expression = text(schedule, 'Expression') ?? '';
    const duration = text(schedule, 'Duration') ?? '';
    const timeZone = text(schedule, 'Timezone') ?? 'UTC';
    checkExpression(expression);
    checkDuration(duration);
    checkTimeZone(timeZone);
    const startDate = toMinute(number(input, 'StartDate'));
    const expireDate = toMinute(number(input, 'ExpireDate'));
    if (startDate !== undefined && expireDate !== undefined && startDate >= expireDate) {
      throw validationError('ExpireDate must be after StartDate');
    }
    const alarmNames = texts(object(input, 'MuteTargets'), 'AlarmNames');
    // "The alarm names must match existing alarms in your account and region"; as reads see them.
    const seen = scope.seen(scope.region.alarms);
    const missing = alarmNames.filter((one) => !seen.has(one));
    if (missing.length > 0) throw validationError(`The alarms [${missing.join(', ')}] in MuteTargets do not exist`);
    const existing = scope.region.muteRules.get(name);
    const tags = newTags(tagEntries(input), validationError);
    if (!existing && scope.region.muteRules.size >= scope.countLimit('AlarmMuteRules')) {
      throw new AwsError('LimitExceededFault', 'The maximum limit for alarm mute rules has been reached.', {
        queryCode: 'LimitExceeded',
      });
    }
    const description = text(input, 'Description');
    scope.changing(scope.region.muteRules, name);
    scope.region.muteRules.set(name, {
      name,
      ...(description !== undefined && { description }),
      expression,
      duration,
      timeZone,
      alarmNames: object(input, 'MuteTargets') === undefined ? undefined : alarmNames,
      startDate,
      expireDate,
      // Tags count at creation only.
      tags: existing?.tags ?? tags,
      lastUpdated: scope.now,
    });
    return {};
  },
};

const getAlarmMuteRule: Operation = {
  service: 'monitoring',
  name: 'GetAlarmMuteRule',
  mutates: false,
  permissions: (input, scope) => [
    { action: 'cloudwatch:GetAlarmMuteRule', resource: ruleARN(text(input, 'AlarmMuteRuleName') ?? '', scope) },
  ],
  run(input, scope) {
    check(input, { AlarmMuteRuleName: required(ruleName) }, validationError);
    const name = text(input, 'AlarmMuteRuleName') ?? '';
    const rule = scope.seen(scope.region.muteRules).get(name);
    if (!rule) {
      throw new AwsError('ResourceNotFoundException', `Alarm mute rule ${name} does not exist`, {
        status: 404,
        members: { ResourceType: 'AlarmMuteRule', ResourceId: name },
      });
    }
    const { expression, duration, timeZone, alarmNames, description } = rule;
    return {
      Name: name,
      ...(description !== undefined && { Description: description }),
      Rule: { Schedule: { Expression: expression, Duration: duration, Timezone: timeZone } },
      ...(alarmNames !== undefined && { MuteTargets: { AlarmNames: [...alarmNames] } }),
      ...(rule.startDate !== undefined && { StartDate: rule.startDate }),
      ...summary(rule, scope),
    };
  },
};

const listAlarmMuteRules: Operation = {
  service: 'monitoring',
  name: 'ListAlarmMuteRules',
  mutates: false,
  permissions: () => [{ action: 'cloudwatch:ListAlarmMuteRules', resource: '*' }],
  run(input, scope) {
    check(
      input,
      { AlarmName: alarmName, Statuses: array(0, 3, oneOf(statuses)), MaxRecords: integer(1, 100) },
      validationError,
    );
    const target = text(input, 'AlarmName');
    const wanted = texts(input, 'Statuses');
    const found = [...scope.seen(scope.region.muteRules).values()]
      .filter((rule) => target === undefined || (rule.alarmNames ?? []).includes(target))
      .filter((rule) => wanted.length === 0 || wanted.includes(statusOf(rule, scope.now)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = page(found, number(input, 'MaxRecords') ?? pageSize, text(input, 'NextToken'), () => {
      return new AwsError('InvalidNextToken', 'The next token specified is invalid.');
    });
    return {
      AlarmMuteRuleSummaries: items.map((rule) => summary(rule, scope)),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },
};

const deleteAlarmMuteRule: Operation = {
  service: 'monitoring',
  name: 'DeleteAlarmMuteRule',
  mutates: true,
  permissions: (input, scope) => [
    { action: 'cloudwatch:DeleteAlarmMuteRule', resource: ruleARN(text(input, 'AlarmMuteRuleName') ?? '', scope) },
  ],
  run(input, scope) {
    check(input, { AlarmMuteRuleName: required(ruleName) }, validationError);
    const name = text(input, 'AlarmMuteRuleName') ?? '';
    // Idempotent: one that is not there is no error.
    scope.changing(scope.region.muteRules, name);
    scope.region.muteRules.delete(name);
    return {};
  },
};

export const muteRuleOperations: readonly Operation[] = [
  putAlarmMuteRule,
  getAlarmMuteRule,
  listAlarmMuteRules,
  deleteAlarmMuteRule,
];

function ruleARN(name: string, scope: Scope): string {
  return arn(scope, 'cloudwatch', `alarm-mute-rule:${name}`);
}

/** A list names a rule by its ARN alone. */
function summary(rule: MuteRule, scope: Scope): JsonObject {
  return {
    AlarmMuteRuleArn: ruleARN(rule.name, scope),
    Status: statusOf(rule, scope.now),
    MuteType: isOneTime(rule.expression) ? 'ONE_TIME' : 'RECURRING',
    LastUpdatedTimestamp: rule.lastUpdated / 1000,
    ...(rule.expireDate !== undefined && { ExpireDate: rule.expireDate }),
  };
}

/** Recurring windows are not played: such a rule is SCHEDULED until it expires. */
function statusOf({ expression, duration, timeZone, expireDate }: MuteRule, now: number): string {
  if (expireDate !== undefined && now >= expireDate * 1000) return 'EXPIRED';
  const window = windowEnd(expression, duration, timeZone);
  if (window === undefined || now < window.start) return 'SCHEDULED';
  return now < window.end ? 'ACTIVE' : 'EXPIRED';
}

/** AWS drops seconds of the two dates. Epoch seconds. */
function toMinute(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.floor(seconds / MINUTE) * MINUTE;
}
