import { type Acceptance, bare, type Draft, many, type Rejection } from './row.ts';

const throttling = { name: 'throttling', preset: 'Throttling' };
const available = { name: 'available', objective: 99.9, errors: {} };
const otherARN = 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:other';
const elsewhere = 'arn:aws:sns:eu-west-1:111122223333:pager';
const duration = 'must be a duration such as 30s, 5m, 1h or 1h30m';
const url = 'must be a URL that begins with https:// or http://';
const named = 'a name may hold lower-case letters, digits and -, and begins and ends with a letter or digit';
const oneSpace = 'alarms, compositeAlarms and slos share one space of names: rename the entry that is there twice';
const arn = 'must be an ARN, such as arn:aws:sns:us-east-1:111122223333:Topic';
const cron = 'must be five fields with digits, names, * - and , only: CloudWatch mute rules know no / and no seconds';

function composite(members: Draft, spec: Draft = {}): Draft {
  const entry = { name: 'both', anyOf: ['throttling'], ...members };
  return bare({ alarms: [throttling], slos: [available], compositeAlarms: [entry], ...spec });
}

function slo(members: Draft, spec: Draft = {}): Draft {
  return bare({ slos: [{ ...available, ...members }], ...spec });
}

function mute(members: Draft): Draft {
  const entry = { name: 'nights', cron: '0 2 * * SUN', duration: '3h', ...members };
  return bare({ alarms: [throttling], muteRules: [entry] });
}

const members = (path: string): string =>
  `compositeAlarms.${path} must name alarms or slos of this monitor, or be alarm ARNs; a composite cannot name another composite (write the combined rule), so there is never a cycle`;

const composites: readonly Rejection[] = [
  {
    what: 'a composite of two forms',
    spec: composite({ rule: 'ALARM(throttling)' }),
    field: 'spec.compositeAlarms[0]',
    says: 'set exactly one of anyOf, allOf, atLeast and rule',
  },
  {
    what: 'a composite of no form',
    spec: composite({ anyOf: undefined }),
    field: 'spec.compositeAlarms[0]',
    says: 'set exactly one of anyOf, allOf, atLeast and rule',
  },
  {
    what: 'a composite of nothing',
    spec: composite({ anyOf: [] }),
    field: 'spec.compositeAlarms[0].anyOf',
    cause: 'FieldValueInvalid',
  },
  ...['anyOf', 'allOf'].map(
    (form): Rejection => ({
      what: `${form} of an alarm that there is not`,
      spec: composite({ anyOf: undefined, [form]: ['throttling', 'throttle'] }),
      field: 'spec.compositeAlarms',
      says: members(form),
    }),
  ),
  {
    what: 'atLeast of an alarm that there is not',
    spec: composite({ anyOf: undefined, atLeast: { count: 1, alarms: ['throttle'] } }),
    field: 'spec.compositeAlarms',
    says: members('atLeast.alarms'),
  },
  {
    what: 'anyOf of another composite',
    spec: bare({
      alarms: [throttling],
      compositeAlarms: [
        { name: 'one', anyOf: ['throttling'] },
        { name: 'two', anyOf: ['one'] },
      ],
    }),
    field: 'spec.compositeAlarms',
    says: members('anyOf'),
  },
  {
    what: 'anyOf of the ARN of a topic',
    spec: composite({ anyOf: ['arn:aws:sns:us-east-1:111122223333:pager'] }),
    field: 'spec.compositeAlarms',
    says: members('anyOf'),
  },
  {
    what: 'at least none',
    spec: composite({ anyOf: undefined, atLeast: { count: 0, alarms: ['throttling'] } }),
    field: 'spec.compositeAlarms[0].atLeast.count',
    cause: 'FieldValueInvalid',
  },
  {
    what: 'an slo as suppressor',
    spec: composite({ actionsSuppressor: { alarm: 'available', waitPeriod: '1m', extensionPeriod: '1m' } }),
    field: 'spec.compositeAlarms',
    says: 'actionsSuppressor.alarm must name an alarm of this monitor, or be an alarm ARN',
  },
  ...['waitPeriod', 'extensionPeriod'].map(
    (period): Rejection => ({
      what: `a ${period} of days`,
      spec: composite({
        actionsSuppressor: { alarm: 'throttling', waitPeriod: '1m', extensionPeriod: '1m', [period]: '1d' },
      }),
      field: `spec.compositeAlarms[0].actionsSuppressor.${period}`,
      says: duration,
    }),
  ),
  {
    what: 'a suppressor without extensionPeriod',
    spec: composite({ actionsSuppressor: { alarm: 'throttling', waitPeriod: '1m' } }),
    field: 'spec.compositeAlarms[0].actionsSuppressor.extensionPeriod',
    cause: 'FieldValueRequired',
  },
  {
    what: 'a composite by the name of an alarm',
    spec: composite({ name: 'throttling' }),
    field: 'spec',
    says: oneSpace,
  },
  {
    what: 'a composite by the name of an slo',
    spec: composite({ name: 'available' }),
    field: 'spec',
    says: oneSpace,
  },
  {
    what: 'an slo by the name of an alarm',
    spec: bare({ alarms: [{ ...throttling, name: 'available' }], slos: [available] }),
    field: 'spec',
    says: oneSpace,
  },
  {
    what: 'a composite with capitals in its name',
    spec: composite({ name: 'Both' }),
    field: 'spec.compositeAlarms[0].name',
    says: named,
  },
  {
    what: 'a runbook of a composite by path',
    spec: composite({ runbookURL: '/runbooks/both' }),
    field: 'spec.compositeAlarms[0].runbookURL',
    says: url,
  },
  ...['alarmActions', 'okActions', 'insufficientDataActions'].flatMap((list): Rejection[] => [
    {
      what: `${list} of a composite that are no ARN`,
      spec: composite({ [list]: ['pager'] }),
      field: `spec.compositeAlarms[0].${list}[0]`,
      says: arn,
    },
    {
      what: `${list} of a composite in another Region`,
      spec: composite({ [list]: [elsewhere] }),
      field: 'spec.compositeAlarms',
      says: 'actions of compositeAlarms must be in the Region of the monitor: CloudWatch cannot notify a topic or function of another Region',
    },
  ]),
  {
    what: '21 composites',
    spec: bare({ alarms: [throttling], compositeAlarms: many(21, (n) => ({ name: `c${n}`, anyOf: ['throttling'] })) }),
    field: 'spec.compositeAlarms',
    cause: 'FieldValueTooMany',
  },
];

const objectives: readonly Rejection[] = [
  {
    what: 'an slo over two things',
    spec: slo({ latency: { under: '2s' } }),
    field: 'spec.slos[0]',
    says: 'set exactly one of errors and latency',
  },
  {
    what: 'an slo over nothing',
    spec: slo({ errors: undefined }),
    field: 'spec.slos[0]',
    says: 'set exactly one of errors and latency',
  },
  {
    what: 'an objective of 100',
    spec: slo({ objective: 100 }),
    field: 'spec.slos[0].objective',
    cause: 'FieldValueInvalid',
  },
  {
    what: 'an objective of 90',
    spec: slo({ objective: 90 }),
    field: 'spec.slos[0].objective',
    cause: 'FieldValueInvalid',
  },
  {
    what: 'a window of 14 days',
    spec: slo({ windowDays: 14 }),
    field: 'spec.slos[0].windowDays',
    cause: 'FieldValueNotSupported',
  },
  {
    what: 'latency under 2000',
    spec: slo({ errors: undefined, latency: { under: '2000' } }),
    field: 'spec.slos[0].latency.under',
    says: 'must be a duration such as 500ms, 2s or 1m30s',
  },
  {
    what: 'latency under nothing',
    spec: slo({ errors: undefined, latency: { under: '0s' } }),
    field: 'spec.slos[0].latency.under',
    says: 'must be at least one millisecond',
  },
  {
    what: 'an slo over TimeToFirstToken without models',
    spec: slo({ errors: undefined, latency: { under: '2s', metric: 'TimeToFirstToken' } }),
    field: 'spec.slos',
    says: 'an slo over TimeToFirstToken needs models: AWS documents its metric per model only',
  },
  {
    what: 'a pattern of ARNs in an slo',
    spec: slo({ models: ['arn:aws:bedrock:us-east-1::foundation-model/*'] }),
    field: 'spec.slos[0].models[0]',
    says: 'a pattern matches model IDs: write it without arn:',
  },
  { what: 'an slo with a dot in its name', spec: slo({ name: 'v1.2' }), field: 'spec.slos[0].name', says: named },
  {
    what: 'a runbook of an slo by path',
    spec: slo({ runbookURL: '/runbooks/slo' }),
    field: 'spec.slos[0].runbookURL',
    says: url,
  },
];

const mutes: readonly Rejection[] = [
  {
    what: 'a mute rule that is once and again',
    spec: mute({ at: '2026-12-05T22:00' }),
    field: 'spec.muteRules[0]',
    says: 'set exactly one of cron (recurring) and at (once)',
  },
  {
    what: 'a mute rule that never is',
    spec: mute({ cron: undefined }),
    field: 'spec.muteRules[0]',
    says: 'set exactly one of cron (recurring) and at (once)',
  },
  ...['*/5 * * * *', '0 2 * *', '0 2 ? * SUN', '0 0 2 * * SUN', '0 2 * * sun', '@daily', '0  2 * * *', ''].map(
    (wrong): Rejection => ({
      what: `cron "${wrong}"`,
      spec: mute({ cron: wrong }),
      field: 'spec.muteRules[0].cron',
      says: cron,
    }),
  ),
  ...['2026-12-05', '2026-12-05T22:00:00', '2026-12-05T22:00Z', '2026-13-05T22:00', '2026-12-05T24:00'].map(
    (wrong): Rejection => ({
      what: `a window at ${wrong}`,
      spec: mute({ cron: undefined, at: wrong }),
      field: 'spec.muteRules[0].at',
      says: 'must be a date and time without seconds and zone, such as 2026-12-05T22:00',
    }),
  ),
  {
    what: 'a window of three days',
    spec: mute({ duration: '3d' }),
    field: 'spec.muteRules[0].duration',
    says: duration,
  },
  ...['30s', '90s', '361h', '0m'].map(
    (wrong): Rejection => ({
      what: `a window of ${wrong}`,
      spec: mute({ duration: wrong }),
      field: 'spec.muteRules[0].duration',
      says: 'must be whole minutes between 1m and 360h',
    }),
  ),
  {
    what: 'a time zone with a blank',
    spec: mute({ timeZone: 'New York' }),
    field: 'spec.muteRules[0].timeZone',
    says: 'must be a time zone such as UTC or Europe/Berlin',
  },
  {
    what: 'a mute rule that ends before it begins',
    spec: mute({ startDate: '2027-01-01T00:00:00Z', expireDate: '2027-01-01T00:00:00+01:00' }),
    field: 'spec.muteRules[0].expireDate',
    says: 'expireDate must be later than startDate',
  },
  {
    what: 'a mute rule over an alarm that there is not',
    spec: mute({ alarms: ['throttling', 'errors'] }),
    field: 'spec.muteRules',
    says: 'muteRules.alarms must name alarms, compositeAlarms or slos of this monitor',
  },
  {
    what: 'a mute rule with a blank in its name',
    spec: mute({ name: 'at night' }),
    field: 'spec.muteRules[0].name',
    says: named,
  },
];

export const compositionRejections: readonly Rejection[] = [...composites, ...objectives, ...mutes];

export const compositionAcceptances: readonly Acceptance[] = [
  {
    what: 'a composite over an alarm, an slo and an ARN',
    spec: composite({ anyOf: ['throttling', 'available', otherARN] }),
  },
  {
    what: 'a composite by rule',
    spec: composite({ anyOf: undefined, rule: 'ALARM(throttling) AND NOT OK("other one")' }),
  },
  {
    what: 'a suppressor by ARN that is not waited for',
    spec: composite({ actionsSuppressor: { alarm: otherARN, waitPeriod: '0s', extensionPeriod: '5m' } }),
  },
  { what: 'an objective of 99.99 over a week', spec: slo({ objective: 99.99, windowDays: 7 }) },
  {
    what: 'an slo over TimeToFirstToken with models of the spec',
    spec: slo(
      { errors: undefined, latency: { under: '1s', metric: 'TimeToFirstToken' } },
      { models: ['amazon.nova-pro-v1:0'] },
    ),
  },
  ...['0 2 * * SUN', '0,30 8-18 1,15 JAN-MAR MON-FRI', '* * * * *', '59 23 31 12 0-6'].map(
    (fields): Acceptance => ({ what: `cron "${fields}"`, spec: mute({ cron: fields }) }),
  ),
  { what: 'one window of 15 days', spec: mute({ cron: undefined, at: '2026-12-05T22:00', duration: '360h' }) },
  {
    what: 'a mute rule over an slo and a composite',
    spec: bare({
      alarms: [throttling],
      slos: [available],
      compositeAlarms: [{ name: 'both', allOf: ['throttling', 'available'] }],
      muteRules: [{ name: 'nights', cron: '0 2 * * *', duration: '1m', alarms: ['both', 'available'] }],
    }),
  },
];
