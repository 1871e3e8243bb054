import { alarmSpecRules } from './alarm-spec-rules.ts';
import { ROLE_ARN } from './arn.ts';
import { compositionRules } from './composition-rules.ts';
import { crossAccountRules } from './cross-account.ts';
import type { Rule } from './shape.ts';

/** CEL: whether the member that `path` names, with all members on the way to it, is set. `self` is the spec. */
function given(path: string): string {
  const names = path.split('.');
  return names.map((_, index) => `has(self.${names.slice(0, index + 1).join('.')})`).join(' && ');
}

/** CEL: the account, or the Region, of an ARN. A text that is no ARN is for its own rule to refuse. */
const accountOf = (arn: string): string => `${arn}.split(':')[4]`;
const isRole = (arn: string): string => `${arn}.matches('${ROLE_ARN}')`;

const deliveryRole = 'self.invocationLogging.cloudWatchLogs.role.arn';
const assumedRole = 'self.assumeRole.roleARN';

function keyInRegion(group: string): Rule {
  return {
    rule: `!(${given(`${group}.kmsKeyARN`)}) || self.${group}.kmsKeyARN.split(':').size() < 4 || self.${group}.kmsKeyARN.split(':')[3] == self.region`,
    message:
      'logGroup.kmsKeyARN is a key of another Region; CloudWatch Logs needs a key of the Region of the log group',
    fieldPath: `.${group}.kmsKeyARN`,
  };
}

function bucketKeyInRegion(destination: string): Rule {
  const key = `${destination}.bucket.create.kmsKeyARN`;
  return {
    rule: `!(${given(key)}) || self.${key}.split(':').size() < 4 || self.${key}.split(':')[3] == self.region`,
    message: 'bucket.create.kmsKeyARN is a key of another Region; S3 needs a key of the Region of the bucket',
    fieldPath: `.${key}`,
  };
}

const accounts: readonly Rule[] = [
  {
    rule: `!has(self.assumeRole) || !has(self.accountID) || !${isRole(assumedRole)} || ${accountOf(assumedRole)} == self.accountID`,
    message: 'assumeRole.roleARN is a role of another account than accountID',
    fieldPath: '.assumeRole.roleARN',
  },
  {
    rule: `!(${given('invocationLogging.cloudWatchLogs.role.arn')}) || !${isRole(deliveryRole)} || ((!has(self.accountID) || ${accountOf(deliveryRole)} == self.accountID) && (!has(self.assumeRole) || !${isRole(assumedRole)} || ${accountOf(deliveryRole)} == ${accountOf(assumedRole)}))`,
    message:
      "invocationLogging.cloudWatchLogs.role.arn is a role of another account than accountID (or than assumeRole's); Bedrock can use only a role of its own account",
    fieldPath: '.invocationLogging.cloudWatchLogs.role.arn',
  },
];

const recordsGroup = 'invocationLogging.cloudWatchLogs.logGroup';
const inS3 = `(${given('invocationLogging.s3')}) || (${given('invocationLogging.cloudWatchLogs.largeDataDelivery')})`;
const infrequent = (group: string): string =>
  `(${given(`${group}.class`)} && self.${group}.class == 'InfrequentAccess')`;

const masking: readonly Rule[] = [
  {
    rule: `!has(self.dataProtection) || (${given('invocationLogging.cloudWatchLogs')})`,
    message:
      'dataProtection masks a CloudWatch log group, and this monitor has none: set invocationLogging.cloudWatchLogs (records in S3 cannot be masked)',
    fieldPath: '.dataProtection',
  },
  {
    rule: `!has(self.dataProtection) || (has(self.dataProtection.s3Bodies) && self.dataProtection.s3Bodies == 'AcceptUnmasked') || !(${inS3})`,
    message:
      'CloudWatch masks only the log group; bodies in S3 are stored unmasked: set dataProtection.s3Bodies: AcceptUnmasked to accept that, or remove s3 and largeDataDelivery',
    fieldPath: '.dataProtection.s3Bodies',
  },
  {
    rule: `!(${given('dataProtection.findings.logGroup')}) || !(${given('invocationLogging.cloudWatchLogs')}) || self.dataProtection.findings.logGroup.name != self.${recordsGroup}.name`,
    message: 'findings need a log group of their own: findings.logGroup and the invocation log group are the same',
    fieldPath: '.dataProtection.findings.logGroup.name',
  },
  {
    rule: `!has(self.dataProtection) || !self.region.startsWith('cn-') || !${infrequent(recordsGroup)}`,
    message: 'in the China Regions data protection needs log group class Standard',
    fieldPath: `.${recordsGroup}.class`,
  },
];

const queries: readonly Rule[] = [
  {
    rule: `!has(self.savedQueries) || !${infrequent(recordsGroup)} || self.savedQueries.all(query, !has(query.preset) || query.preset != 'PromptPatterns' || (has(query.logGroupNames) && !(self.${recordsGroup}.name in query.logGroupNames)))`,
    message: 'preset PromptPatterns uses the pattern command, which class InfrequentAccess lacks',
    fieldPath: '.savedQueries',
  },
];

const filters: readonly Rule[] = [
  {
    rule: `!has(self.metricFilters) || self.metricFilters.size() == 0 || ((${given('invocationLogging.cloudWatchLogs')}) && !${infrequent(recordsGroup)})`,
    message: 'metricFilters need invocationLogging.cloudWatchLogs with log group class Standard',
    fieldPath: '.metricFilters',
  },
];

const pauses: readonly Rule[] = [
  {
    rule: '!has(self.suspend) || !self.suspend || !has(self.suspendUntil)',
    message: 'suspend pauses until it is removed, suspendUntil until that time: set one of the two',
    fieldPath: '.suspendUntil',
  },
];

/** Bedrock would go on delivering to a log group that is gone. */
const deletion: readonly Rule[] = [
  {
    rule: `!(${given('deletionPolicy.logGroup')}) || !(${given('deletionPolicy.invocationLogging')}) || self.deletionPolicy.logGroup != 'Delete' || self.deletionPolicy.invocationLogging != 'Retain' || !(${given('invocationLogging.cloudWatchLogs')}) || (${given(`${recordsGroup}.management`)} && self.${recordsGroup}.management == 'Unmanaged')`,
    message:
      'logging that is retained needs its log group: with deletionPolicy.invocationLogging: Retain set deletionPolicy.logGroup: Retain, or let logging end with Restore or Disable',
    fieldPath: '.deletionPolicy.logGroup',
  },
];

/** Rules between parts of the spec. */
export const specRules: readonly Rule[] = [
  ...pauses,
  ...deletion,
  ...accounts,
  keyInRegion(recordsGroup),
  keyInRegion('dataProtection.findings.logGroup'),
  bucketKeyInRegion('invocationLogging.cloudWatchLogs.largeDataDelivery'),
  bucketKeyInRegion('invocationLogging.s3'),
  ...masking,
  ...alarmSpecRules,
  ...compositionRules,
  ...queries,
  ...filters,
  ...crossAccountRules,
];
