import { array, boolean, check, integer, oneOf, required, string } from './constraints.ts';
import { AwsError, invalidParameter, resourceNotFound } from './errors.ts';
import { trusts } from './iam.ts';
import { groupOf, locked, logGroupName } from './log-groups.ts';
import { number, pick, text } from './members.ts';
import { checkPattern, filterName, filterPattern, onGroup, requireStandard } from './metric-filters.ts';
import type { Operation, Scope } from './operation.ts';
import { page } from './paging.ts';

/** "CloudWatch Logs quotas". */
const FILTERS_PER_GROUP = 5;

const putSubscriptionFilter = locked({
  service: 'logs',
  name: 'PutSubscriptionFilter',
  mutates: true,
  permissions(input, scope) {
    const roleARN = text(input, 'roleArn');
    const context = { 'iam:PassedToService': 'logs.amazonaws.com' };
    return [
      ...onGroup('PutSubscriptionFilter', input, scope),
      ...(roleARN === undefined ? [] : [{ action: 'iam:PassRole', resource: roleARN, context }]),
    ];
  },
  run(input, scope) {
    check(
      input,
      {
        logGroupName: required(logGroupName),
        filterName: required(filterName),
        filterPattern: required(filterPattern),
        destinationArn: required(string(1)),
        roleArn: string(1),
        distribution: oneOf(['Random', 'ByLogStream']),
        applyOnTransformedLogs: boolean(),
        fieldSelectionCriteria: string(0, 2000),
        emitSystemFields: array(0, 3, string()),
      },
      invalidParameter,
    );
    const group = groupOf(text(input, 'logGroupName') ?? '', scope.region);
    requireStandard(group, 'Subscription filters');
    const name = text(input, 'filterName') ?? '';
    checkPattern(text(input, 'filterPattern') ?? '', group, name);
    tryDestination(text(input, 'destinationArn') ?? '', text(input, 'roleArn'), scope);
    if (!group.subscriptionFilters.has(name) && group.subscriptionFilters.size >= FILTERS_PER_GROUP)
      throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
    scope.changing(group.subscriptionFilters, name);
    group.subscriptionFilters.set(name, {
      name,
      // The distribution is grouped by log stream unless asked for otherwise.
      configuration: { distribution: 'ByLogStream', ...pick(input, members) },
      creationTime: group.subscriptionFilters.get(name)?.creationTime ?? scope.now,
      delivered: group.subscriptionFilters.get(name)?.delivered ?? [],
    });
    return {};
  },
});

const members = [
  'filterPattern', 'destinationArn', 'roleArn', 'distribution', 'applyOnTransformedLogs', 'fieldSelectionCriteria',
  'emitSystemFields',
]; // biome-ignore format: a list of words

const describeSubscriptionFilters: Operation = {
  service: 'logs',
  name: 'DescribeSubscriptionFilters',
  mutates: false,
  permissions: (input, scope) => onGroup('DescribeSubscriptionFilters', input, scope),
  run(input, scope) {
    check(
      input,
      {
        logGroupName: required(logGroupName),
        filterNamePrefix: filterName,
        nextToken: string(1),
        limit: integer(1, 50),
      },
      invalidParameter,
    );
    const group = groupOf(text(input, 'logGroupName') ?? '', scope.region);
    const prefix = text(input, 'filterNamePrefix') ?? '';
    const found = [...scope.seen(group.subscriptionFilters).values()]
      .filter(({ name }) => name.startsWith(prefix))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = page(found, number(input, 'limit') ?? 50, text(input, 'nextToken'), () =>
      invalidParameter('The specified nextToken is invalid.'),
    );
    return {
      subscriptionFilters: items.map(({ name, configuration, creationTime }) => ({
        filterName: name,
        logGroupName: group.name,
        creationTime,
        ...configuration,
      })),
      ...(nextToken !== undefined && { nextToken }),
    };
  },
};

const deleteSubscriptionFilter = locked({
  service: 'logs',
  name: 'DeleteSubscriptionFilter',
  mutates: true,
  permissions: (input, scope) => onGroup('DeleteSubscriptionFilter', input, scope),
  run(input, scope) {
    check(input, { logGroupName: required(logGroupName), filterName: required(filterName) }, invalidParameter);
    const group = groupOf(text(input, 'logGroupName') ?? '', scope.region);
    const name = text(input, 'filterName') ?? '';
    if (!group.subscriptionFilters.has(name))
      throw resourceNotFound('The specified subscription filter does not exist.');
    scope.changing(group.subscriptionFilters, name);
    group.subscriptionFilters.delete(name);
    return {};
  },
});

export const subscriptionFilterOperations: readonly Operation[] = [
  putSubscriptionFilter,
  describeSubscriptionFilters,
  deleteSubscriptionFilter,
];

/** CloudWatch Logs sends a test message before it takes the filter, in the words of each kind of destination. */
function tryDestination(destinationARN: string, roleARN: string | undefined, scope: Scope): void {
  const [, , service = '', , , ...rest] = destinationARN.split(':');
  const isThere =
    scope.region.logDestinations.has(destinationARN) ||
    (service === 'firehose' && scope.region.deliveryStreams.has(rest.join(':').replace('deliverystream/', '')));
  switch (service) {
    case 'lambda':
      if (roleARN !== undefined) throw invalidParameter('destinationArn for vendor lambda cannot be used with roleArn');
      if (isThere) return;
      throw invalidParameter(
        'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
      );
    case 'kinesis':
    case 'firehose': {
      if (roleARN === undefined)
        throw invalidParameter(`destinationArn for vendor ${service} cannot be used without roleArn`);
      if (isThere && assumable(roleARN, scope)) return;
      const [what, state] =
        service === 'kinesis' ? ['Kinesis stream', 'kinesis stream'] : ['Firehose stream', 'Firehose stream'];
      throw invalidParameter(
        `Could not deliver test message to specified ${what}. Check if the given ${state} is in ACTIVE state.`,
      );
    }
    case 'logs':
      if (isThere) return;
      throw invalidParameter('Could not deliver message to specified destination. Check if the destination is valid.');
    default:
      throw invalidParameter(`Destination ARN ${destinationARN} is not valid.`);
  }
}

/** Whether CloudWatch Logs can use the role by now. */
function assumable(roleARN: string, scope: Scope): boolean {
  const role = scope.account.roles.get((roleARN.split('/').at(-1) ?? '').toLowerCase());
  if (role === undefined || role.arn !== roleARN || !scope.propagated(role.changedAt)) return false;
  const context = {
    'aws:SourceAccount': scope.account.id,
    'aws:SourceArn': `arn:${scope.account.partition}:logs:${scope.region.name}:${scope.account.id}:*`,
  };
  return ['logs.amazonaws.com', `logs.${scope.region.name}.amazonaws.com`].some((one) => trusts(role, one, context));
}
