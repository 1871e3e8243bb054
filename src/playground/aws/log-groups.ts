import type { JsonObject } from '#src/domain/json.ts';
import { accountMasking } from './account-policies.ts';
import { array, boolean, type Constraint, check, integer, map, oneOf, required, string } from './constraints.ts';
import { AwsError, invalidParameter, resourceNotFound, validationException } from './errors.ts';
import { requireUsableKey } from './kms.ts';
import { flag, number, object, pick, stringMap, text, texts } from './members.ts';
import { arn, type Operation, type Scope } from './operation.ts';
import { page } from './paging.ts';
import type { LogGroup, Region } from './state.ts';
import { logTagKey, logTagValue } from './tag-constraints.ts';

const namePattern = /^[.\-_/#A-Za-z0-9]+$/;
export const logGroupName: Constraint = string(1, 512, namePattern);
const identifier: Constraint = string(1, 2048, /^[\w#+=/:,.@\-*]*$/);
const classes = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY', 'ESSENTIALS'] as const;

/** PutRetentionPolicy, RetentionInDays. */
const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** An account retention policy takes effect a day after it was put. */
const retentionPolicyDelayMs = 24 * 60 * 60 * 1000;

const createLogGroup = locked({
  service: 'logs',
  name: 'CreateLogGroup',
  mutates: true,
  permissions: (input, scope) => [
    { action: 'logs:CreateLogGroup', resource: logGroupARN(scope, text(input, 'logGroupName') ?? '') },
    ...(object(input, 'tags')
      ? [{ action: 'logs:TagResource', resource: logGroupARN(scope, text(input, 'logGroupName') ?? '') }]
      : []),
  ],
  run(input, scope) {
    check(
      input,
      {
        logGroupName: required(logGroupName),
        kmsKeyId: string(0, 256),
        tags: map(1, 50, logTagKey, logTagValue),
        logGroupClass: oneOf(classes),
        deletionProtectionEnabled: boolean(),
      },
      invalidParameter,
    );
    const name = text(input, 'logGroupName') ?? '';
    if (name.startsWith('aws/')) {
      throw invalidParameter(`Log groups starting with AWS/ are reserved for AWS: ${name}`);
    }
    if (scope.region.logGroups.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    if (scope.region.logGroups.size >= scope.countLimit('LogGroups')) {
      throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
    }
    const kmsKeyId = text(input, 'kmsKeyId');
    if (kmsKeyId !== undefined) requireUsableKey(kmsKeyId, scope);
    const logGroupClass = classes.find((one) => one === text(input, 'logGroupClass')) ?? 'STANDARD';
    scope.changing(scope.region.logGroups, name);
    scope.region.logGroups.set(name, {
      name,
      creationTime: scope.now,
      logGroupClass,
      // Delivery groups have a fixed retention.
      retentionInDays: logGroupClass === 'DELIVERY' ? 2 : undefined,
      kmsKeyId,
      deletionProtectionEnabled: flag(input, 'deletionProtectionEnabled') ?? false,
      tags: stringMap(object(input, 'tags')),
      dataProtection: undefined,
      dataProtectionStatus: undefined,
      streams: new Map(),
      metricFilters: new Map(),
      subscriptionFilters: new Map(),
      indexPolicy: undefined,
    });
    return {};
  },
});

const deleteLogGroup = onGroup('DeleteLogGroup', {}, (group, _input, scope) => {
  if (group.deletionProtectionEnabled) {
    throw validationException(
      'Cannot delete log group with deletion protection enabled. Disable deletion protection first.',
    );
  }
  scope.changing(scope.region.logGroups, group.name);
  scope.region.logGroups.delete(group.name);
});

const putRetentionPolicy = onGroup(
  'PutRetentionPolicy',
  { retentionInDays: required(oneOf(retentionDays)) },
  (group, input, scope) => {
    if (group.logGroupClass === 'DELIVERY') {
      throw invalidParameter('The retention of a log group of the DELIVERY class can not be changed.');
    }
    scope.changing(scope.region.logGroups, group.name);
    group.retentionInDays = number(input, 'retentionInDays');
  },
);

const deleteRetentionPolicy = onGroup('DeleteRetentionPolicy', {}, (group, _input, scope) => {
  scope.changing(scope.region.logGroups, group.name);
  group.retentionInDays = undefined;
});

const associateKmsKey = onGroup(
  'AssociateKmsKey',
  { kmsKeyId: required(string(0, 256)) },
  (group, input, scope) => {
    const key = text(input, 'kmsKeyId') ?? '';
    requireUsableKey(key, scope);
    scope.changing(scope.region.logGroups, group.name);
    group.kmsKeyId = key;
  },
  'resourceIdentifier',
);

const disassociateKmsKey = onGroup(
  'DisassociateKmsKey',
  {},
  (group, _input, scope) => {
    scope.changing(scope.region.logGroups, group.name);
    group.kmsKeyId = undefined;
  },
  'resourceIdentifier',
);

const putLogGroupDeletionProtection = onGroup(
  'PutLogGroupDeletionProtection',
  { deletionProtectionEnabled: required(boolean()) },
  (group, input, scope) => {
    scope.changing(scope.region.logGroups, group.name);
    group.deletionProtectionEnabled = flag(input, 'deletionProtectionEnabled') ?? false;
  },
  'logGroupIdentifier',
);

const describeLogGroups: Operation = {
  service: 'logs',
  name: 'DescribeLogGroups',
  mutates: false,
  // IAM knows no single group here: the call needs all of them.
  permissions: (_input, scope) => [{ action: 'logs:DescribeLogGroups', resource: arn(scope, 'logs', 'log-group:*') }],
  run(input, scope) {
    check(
      input,
      {
        logGroupNamePrefix: logGroupName,
        logGroupNamePattern: string(0, 512, /^[.\-_/#A-Za-z0-9]*$/),
        limit: integer(1, 50),
        nextToken: string(1),
        logGroupClass: oneOf(classes),
        logGroupIdentifiers: array(1, 50, identifier),
      },
      invalidParameter,
    );
    const prefix = text(input, 'logGroupNamePrefix');
    const pattern = text(input, 'logGroupNamePattern');
    const identifiers = texts(input, 'logGroupIdentifiers');
    if (prefix !== undefined && pattern !== undefined) {
      throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    if (identifiers.length > 0 && (prefix !== undefined || pattern !== undefined)) {
      throw invalidParameter('LogGroupIdentifiers can not be used together with a name prefix or a name pattern.');
    }
    const wanted = new Set(identifiers.map((one) => nameOf(one)));
    // A filter for either of the cheaper classes answers with both of them.
    const asked = text(input, 'logGroupClass');
    const cheap = ['INFREQUENT_ACCESS', 'ESSENTIALS'];
    const classes_ = asked === undefined ? undefined : cheap.includes(asked) ? cheap : [asked];
    const found = [...scope.seen(scope.region.logGroups).values()]
      .filter((group) => prefix === undefined || group.name.startsWith(prefix))
      .filter((group) => pattern === undefined || group.name.toLowerCase().includes(pattern.toLowerCase()))
      .filter((group) => wanted.size === 0 || wanted.has(group.name))
      .filter((group) => classes_ === undefined || classes_.includes(group.logGroupClass))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = page(found, number(input, 'limit') ?? 50, text(input, 'nextToken'), () =>
      invalidParameter('The specified nextToken is invalid.'),
    );
    const whole = items.map((group) => described(group, scope));
    return {
      // A pattern answers with little of each group.
      logGroups:
        pattern === undefined ? whole : whole.map((group) => pick(group, ['arn', 'creationTime', 'logGroupName'])),
      ...(nextToken !== undefined && { nextToken }),
    };
  },
};

export const logGroupOperations: readonly Operation[] = [
  createLogGroup,
  deleteLogGroup,
  describeLogGroups,
  putRetentionPolicy,
  deleteRetentionPolicy,
  associateKmsKey,
  disassociateKmsKey,
  putLogGroupDeletionProtection,
];

/** The group of a name or an ARN. Of an ARN, `:*` at the end is refused, as by all APIs that take an identifier. */
export function groupOf(nameOrARN: string, region: Region): LogGroup {
  if (nameOrARN.endsWith(':*')) {
    throw validationException(`Value '${nameOrARN}' is not a valid log group identifier: it must not end with :*`);
  }
  const group = region.logGroups.get(nameOf(nameOrARN));
  if (!group) throw resourceNotFound('The specified log group does not exist.');
  return group;
}

/** Without the `:*` of the older form. */
export function logGroupARN(scope: Pick<Scope, 'account' | 'region'>, name: string): string {
  return arn(scope, 'logs', `log-group:${name}`);
}

/** An operation that a concurrent one on the same log group makes fail: OperationAbortedException, not retried by SDKs. */
export function locked(operation: Operation): Operation {
  return {
    lock: (input) => {
      const name =
        text(input, 'logGroupName') ?? text(input, 'logGroupIdentifier') ?? text(input, 'resourceIdentifier');
      return name === undefined ? undefined : `log-group:${nameOf(name)}`;
    },
    conflict: () =>
      new AwsError(
        'OperationAbortedException',
        'A conflicting operation is currently in progress against this resource. Please try again.',
      ),
    ...operation,
  };
}

/** A change of one existing group, named by `logGroupName` or by the identifier member given. */
function onGroup(
  name: string,
  shape: Readonly<Record<string, Constraint>>,
  change: (group: LogGroup, input: JsonObject, scope: Scope) => void,
  identifiedBy: 'logGroupName' | 'logGroupIdentifier' | 'resourceIdentifier' = 'logGroupName',
): Operation {
  const named = (input: JsonObject) => text(input, identifiedBy) ?? text(input, 'logGroupName') ?? '';
  return locked({
    service: 'logs',
    name,
    mutates: true,
    permissions: (input, scope) => [
      {
        action: `logs:${name}`,
        resource: logGroupARN(scope, nameOf(named(input))),
        context: resourceTags(scope.region.logGroups.get(nameOf(named(input)))),
      },
    ],
    run(input, scope) {
      // `resourceIdentifier` may stand in place of the name; the others are the only way.
      const byName = identifiedBy === 'resourceIdentifier' ? logGroupName : required(logGroupName);
      check(
        input,
        identifiedBy === 'logGroupIdentifier'
          ? { logGroupIdentifier: required(identifier), ...shape }
          : { logGroupName: byName, resourceIdentifier: identifier, ...shape },
        invalidParameter,
      );
      if (named(input) === '') {
        throw invalidParameter('Either logGroupName or resourceIdentifier must be specified.');
      }
      change(groupOf(named(input), scope.region), input, scope);
      return {};
    },
  });
}

/** What `aws:ResourceTag/KEY` in a policy's condition stands for. */
function resourceTags(group: LogGroup | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(group?.tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}

function nameOf(nameOrARN: string): string {
  return /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:(?<name>[^:]+)/.exec(nameOrARN)?.groups?.['name'] ?? nameOrARN;
}

function described(group: LogGroup, scope: Scope): JsonObject {
  const policy = winningRetention(group, scope);
  const retention = policy === undefined ? group.retentionInDays : policy.retentionInDays;
  const bytes = [...group.streams.values()]
    .flatMap((stream) => stream.events)
    .reduce((sum, e) => sum + e.message.length, 0);
  return {
    logGroupName: group.name,
    creationTime: group.creationTime,
    ...(typeof retention === 'number' && { retentionInDays: retention }),
    metricFilterCount: group.metricFilters.size,
    arn: `${logGroupARN(scope, group.name)}:*`,
    storedBytes: bytes,
    ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
    ...(group.dataProtectionStatus !== undefined && { dataProtectionStatus: group.dataProtectionStatus }),
    logGroupClass: group.logGroupClass,
    logGroupArn: logGroupARN(scope, group.name),
    deletionProtectionEnabled: group.deletionProtectionEnabled,
    ...(policy !== undefined && { retentionPolicyName: policy.name }),
    ...(accountMasking(scope.region, scope.now) !== undefined && { inheritedProperties: ['ACCOUNT_DATA_PROTECTION'] }),
  };
}

/** Of the account retention policies in effect for a group the longest wins, over the group's own value too. */
function winningRetention(group: LogGroup, scope: Scope) {
  const days = (value: number | 'NEVER_EXPIRE') => (value === 'NEVER_EXPIRE' ? Number.POSITIVE_INFINITY : value);
  return scope.region.retentionPolicies
    .filter((policy) => group.name.startsWith(policy.logGroupNamePrefix))
    .filter((policy) => policy.createdAt + retentionPolicyDelayMs <= scope.now)
    .filter((policy) => policy.enforcementMode === 'RETROACTIVE' || group.creationTime >= policy.createdAt)
    .toSorted((a, b) => days(b.retentionInDays) - days(a.retentionInDays))[0];
}
