import { type Acceptance, bare, type Draft, logging, many, type Rejection } from './row.ts';

const oneOfThePauses = 'suspend pauses until it is removed, suspendUntil until that time: set one of the two';
const ignoreForm =
  'must be part/entry/field such as alarms/*/threshold; the parts are alarms, compositeAlarms, slos, muteRules, anomalyDetectors, dashboards, savedQueries, metricFilters, crossAccount and invocationLogging';
const maskingStays = 'driftPolicy.ignore may not name dataProtection: masking is always put back';
const retainedLogging =
  'logging that is retained needs its log group: with deletionPolicy.invocationLogging: Retain set deletionPolicy.logGroup: Retain, or let logging end with Restore or Disable';

const end = '2026-12-05T22:00:00Z';
const ignoring = (...ignore: readonly unknown[]): Draft => bare({ driftPolicy: { ignore } });

/** A word that somebody may write, and that does not mean anything there. */
const misplaced: readonly (readonly [field: string, word: string])[] = [
  ['mode', 'DryRun'],
  ['deletionPolicy.default', 'Orphan'],
  ['deletionPolicy.alarms', 'Keep'],
  ['deletionPolicy.dashboards', 'retain'],
  ['deletionPolicy.savedQueries', 'Never'],
  ['deletionPolicy.dataProtection', 'Restore'],
  ['deletionPolicy.invocationLogging', 'Delete'],
  ['deletionPolicy.logGroup', 'Disable'],
  ['adoptionPolicy.default', 'IfOwned'],
  ['adoptionPolicy.logGroup', 'Adopt'],
  ['adoptionPolicy.alarms', 'always'],
  ['adoptionPolicy.dashboards', 'Force'],
  ['adoptionPolicy.savedQueries', 'IfTagged'],
  ['adoptionPolicy.dataProtection', 'IfTagged'],
  ['adoptionPolicy.invocationLogging', 'IfTagged'],
  ['driftPolicy.default', 'Ignore'],
  ['driftPolicy.alarms', 'Never'],
  ['driftPolicy.dashboards', 'Detect'],
  ['driftPolicy.savedQueries', 'correct'],
  ['driftPolicy.invocationLogging', 'Restore'],
  ['driftPolicy.logGroup', 'Retain'],
];

const noTimes: readonly string[] = [
  'tomorrow',
  '2h',
  '2026-12-05',
  '2026-12-05 22:00:00Z',
  '2026-12-05T22:00Z',
  '2026-12-05T22:00:00',
  '2026-12-05T24:00:00Z',
  '2026-12-05T22:60:00Z',
  '2026-02-30T22:00:00Z',
  '2026-13-05T22:00:00Z',
  '',
];

export const policyRejections: readonly Rejection[] = [
  ...misplaced.map(
    ([field, word]): Rejection => ({
      what: `${field}: ${word}`,
      spec: bare(nested(field, word)),
      field: `spec.${field}`,
      cause: 'FieldValueNotSupported',
    }),
  ),
  ...noTimes.map(
    (time): Rejection => ({
      what: `"${time}" as the end of a pause`,
      spec: bare({ suspendUntil: time }),
      field: 'spec.suspendUntil',
      cause: 'FieldValueTypeInvalid',
    }),
  ),
  ...['2026-12-05T22:00:00+99:99', '2026-12-05T22:00:00+24:00', '2026-12-05T22:00:00,5Z'].map(
    (time): Rejection => ({
      what: `"${time}" as the end of a pause, which the API server alone would take`,
      spec: bare({ suspendUntil: time }),
      field: 'spec.suspendUntil',
      cause: 'FieldValueInvalid',
    }),
  ),
  {
    what: 'the end of a pause in seconds',
    spec: bare({ suspendUntil: 1_796_508_000 }),
    field: 'spec.suspendUntil',
    cause: 'FieldValueTypeInvalid',
  },
  {
    what: 'two pauses',
    spec: bare({ suspend: true, suspendUntil: end }),
    field: 'spec.suspendUntil',
    says: oneOfThePauses,
  },
  {
    what: 'logging that stays without its log group',
    spec: retainedWithout({}),
    field: 'spec.deletionPolicy.logGroup',
    says: retainedLogging,
  },
  ...[
    'threshold',
    'alarms',
    'alarms/',
    'alarms//threshold',
    '/alarms/errors',
    'alarms/errors/',
    'alarms.*.threshold',
    '',
  ].map(
    (path): Rejection => ({
      what: `"${path}" as a path to ignore`,
      spec: ignoring(path),
      field: 'spec.driftPolicy.ignore[0]',
      says: ignoreForm,
    }),
  ),
  ...['*/errors/threshold', 'alarm/errors/threshold', 'logGroup/retentionInDays', 'dataProtectionX/identifiers'].map(
    (path): Rejection => ({
      what: `a path to ignore whose part does not exist (${path})`,
      spec: ignoring('alarms/*/threshold', path),
      field: 'spec.driftPolicy.ignore[1]',
      says: ignoreForm,
    }),
  ),
  ...[
    'dataProtection',
    'dataProtection/',
    'dataProtection/*',
    'dataProtection/document',
    'dataProtection/findings/logGroup',
  ].map(
    (path): Rejection => ({
      what: `a path to ignore in masking (${path})`,
      spec: ignoring('alarms/*/threshold', path),
      field: 'spec.driftPolicy.ignore',
      says: maskingStays,
    }),
  ),
  {
    what: 'a path to ignore twice',
    spec: ignoring('alarms/*/threshold', 'alarms/*/threshold'),
    field: 'spec.driftPolicy.ignore[1]',
    cause: 'FieldValueDuplicate',
  },
  {
    what: 'a path to ignore of 201 characters',
    spec: ignoring(`alarms/${'a'.repeat(194)}`),
    field: 'spec.driftPolicy.ignore[0]',
    cause: 'FieldValueTooLong',
  },
  {
    what: '51 paths to ignore',
    spec: ignoring(...many(51, (n) => `alarms/a${n}/threshold`)),
    field: 'spec.driftPolicy.ignore',
    cause: 'FieldValueTooMany',
  },
];

const eachPart = ['alarms', 'dashboards', 'savedQueries'];

export const policyAcceptances: readonly Acceptance[] = [
  ...['Enforce', 'Plan', 'Observe'].map((mode): Acceptance => ({ what: `mode ${mode}`, spec: bare({ mode }) })),
  ...[end, '2020-01-01T00:00:00Z', '2026-12-05T22:00:00.5+01:00', '2028-02-29t23:59:59-12:30'].map(
    (time): Acceptance => ({ what: `a pause until ${time}`, spec: bare({ suspendUntil: time }) }),
  ),
  { what: 'an end of the pause beside suspend: false', spec: bare({ suspend: false, suspendUntil: end }) },
  { what: 'policies that say nothing', spec: bare({ deletionPolicy: {}, adoptionPolicy: {}, driftPolicy: {} }) },
  ...['Delete', 'Retain'].map(
    (word): Acceptance => ({
      what: `deletionPolicy ${word} for each part`,
      spec: bare({ deletionPolicy: each([...eachPart, 'default', 'dataProtection', 'logGroup'], word) }),
    }),
  ),
  ...['Restore', 'Disable', 'Retain'].map(
    (word): Acceptance => ({
      what: `deletionPolicy ${word} for logging`,
      spec: logging({ spec: { deletionPolicy: { invocationLogging: word } } }),
    }),
  ),
  ...['Never', 'IfTagged', 'Always'].map(
    (word): Acceptance => ({
      what: `adoptionPolicy ${word} for each part that AWS can tag`,
      spec: bare({ adoptionPolicy: each(['default', 'logGroup', 'alarms', 'dashboards'], word) }),
    }),
  ),
  ...['Never', 'Always'].map(
    (word): Acceptance => ({
      what: `adoptionPolicy ${word} for each part that AWS cannot tag`,
      spec: bare({ adoptionPolicy: each(['savedQueries', 'dataProtection', 'invocationLogging'], word) }),
    }),
  ),
  ...['Correct', 'Report'].map(
    (word): Acceptance => ({
      what: `driftPolicy ${word} for each part`,
      spec: bare({ driftPolicy: each([...eachPart, 'default', 'invocationLogging', 'logGroup'], word) }),
    }),
  ),
  {
    what: 'the deletion of masking where the log group stays',
    spec: logging({ spec: { deletionPolicy: { dataProtection: 'Delete', logGroup: 'Retain' } } }),
  },
  {
    what: 'the deletion of the log group where logging ends',
    spec: logging({ spec: { deletionPolicy: { invocationLogging: 'Disable', logGroup: 'Delete' } } }),
  },
  {
    what: 'logging that stays with an Unmanaged log group, which is never deleted',
    spec: retainedWithout({ group: { management: 'Unmanaged' } }),
  },
  {
    what: 'the deletion of a log group of findings beside logging to S3 that stays',
    spec: bare({
      deletionPolicy: { logGroup: 'Delete', invocationLogging: 'Retain' },
      invocationLogging: { dataTypes: ['Text'], s3: { bucket: { name: 'records' } } },
    }),
  },
  {
    what: 'paths to ignore in each part',
    spec: ignoring(
      'alarms/*/threshold',
      'alarms/errors/*',
      'alarms/latency/amazon.nova-pro-v1:0/threshold',
      'alarms/*/tags.team/search',
      'dashboards/overview/body',
      'savedQueries/*',
      'invocationLogging/textDataDeliveryEnabled',
      'invocationLogging/logGroup/retentionInDays',
    ),
  },
  { what: '50 paths to ignore', spec: ignoring(...many(50, (n) => `alarms/a${n}/threshold`.padEnd(200, 'd'))) },
];

function retainedWithout(options: Parameters<typeof logging>[0]): Draft {
  const deletionPolicy = { logGroup: 'Delete', invocationLogging: 'Retain' };
  return logging({ ...options, spec: { deletionPolicy } });
}

function each(fields: readonly string[], word: string): Draft {
  return Object.fromEntries(fields.map((field) => [field, word]));
}

/** `a.b` and a value as `{a: {b: value}}`. */
function nested(path: string, value: unknown): Draft {
  const [first = '', ...rest] = path.split('.');
  return { [first]: rest.length === 0 ? value : nested(rest.join('.'), value) };
}
