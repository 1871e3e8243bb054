import type { JsonObject } from '#src/domain/json.ts';
import { array, check, map, required, string } from './constraints.ts';
import { AwsError, invalidParameter, resourceNotFound, validationError, validationException } from './errors.ts';
import { object, objects, stringMap, text, texts } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import { logTagKey, logTagValue, tag, tagLimit } from './tag-constraints.ts';

interface Tagged {
  tags: Record<string, string>;
}

const logsARN = string(1, 1011, /^[\w+=/:,.@#\-*]*$/);

/** CloudWatch Logs. The ARN is that without `:*`; the other form is refused. */
const logsTags: readonly Operation[] = [
  {
    service: 'logs',
    name: 'TagResource',
    mutates: true,
    permissions: (input) => [{ action: 'logs:TagResource', resource: text(input, 'resourceArn') ?? '' }],
    run(input, scope) {
      check(
        input,
        { resourceArn: required(logsARN), tags: required(map(1, tagLimit, logTagKey, logTagValue)) },
        invalidParameter,
      );
      const tags = Object.entries(stringMap(object(input, 'tags')));
      merge(taggedByARN(text(input, 'resourceArn') ?? '', scope), tags, invalidParameter, () => {
        return new AwsError('TooManyTagsException', `Resource can have no more than ${tagLimit} tags.`);
      });
      return {};
    },
  },
  {
    service: 'logs',
    name: 'UntagResource',
    mutates: true,
    permissions: (input) => [{ action: 'logs:UntagResource', resource: text(input, 'resourceArn') ?? '' }],
    run(input, scope) {
      check(
        input,
        { resourceArn: required(logsARN), tagKeys: required(array(0, tagLimit, logTagKey)) },
        invalidParameter,
      );
      const tagged = taggedByARN(text(input, 'resourceArn') ?? '', scope);
      for (const key of texts(input, 'tagKeys')) delete tagged.tags[key];
      return {};
    },
  },
  {
    service: 'logs',
    name: 'ListTagsForResource',
    mutates: false,
    permissions: (input) => [{ action: 'logs:ListTagsForResource', resource: text(input, 'resourceArn') ?? '' }],
    run(input, scope) {
      check(input, { resourceArn: required(logsARN) }, invalidParameter);
      return { tags: { ...taggedByARN(text(input, 'resourceArn') ?? '', scope).tags } };
    },
  },
];

/** CloudWatch: alarms and dashboards. Tagging merges. */
const monitoringTags: readonly Operation[] = [
  {
    service: 'monitoring',
    name: 'TagResource',
    mutates: true,
    permissions: (input) => [{ action: 'cloudwatch:TagResource', resource: text(input, 'ResourceARN') ?? '' }],
    run(input, scope) {
      check(
        input,
        { ResourceARN: required(string(1, 1024)), Tags: required(array(0, tagLimit, tag)) },
        validationError,
      );
      merge(monitored(text(input, 'ResourceARN') ?? '', scope), tagEntries(input), validationError, () =>
        validationError(`The number of tags exceeds the limit of ${tagLimit}.`),
      );
      return {};
    },
  },
  {
    service: 'monitoring',
    name: 'UntagResource',
    mutates: true,
    permissions: (input) => [{ action: 'cloudwatch:UntagResource', resource: text(input, 'ResourceARN') ?? '' }],
    run(input, scope) {
      check(
        input,
        { ResourceARN: required(string(1, 1024)), TagKeys: required(array(0, tagLimit, string(1, 128))) },
        validationError,
      );
      const tagged = monitored(text(input, 'ResourceARN') ?? '', scope);
      for (const key of texts(input, 'TagKeys')) delete tagged.tags[key];
      return {};
    },
  },
  {
    service: 'monitoring',
    name: 'ListTagsForResource',
    mutates: false,
    permissions: (input) => [{ action: 'cloudwatch:ListTagsForResource', resource: text(input, 'ResourceARN') ?? '' }],
    run(input, scope) {
      check(input, { ResourceARN: required(string(1, 1024)) }, validationError);
      const tags = monitored(text(input, 'ResourceARN') ?? '', scope).tags;
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  },
];

export const tagOperations: readonly Operation[] = [...logsTags, ...monitoringTags];

/** CloudWatch's list form, as entries. */
export function tagEntries(input: JsonObject): readonly [string, string][] {
  return objects(input, 'Tags').map((one) => [text(one, 'Key') ?? '', text(one, 'Value') ?? '']);
}

/** Tags of a new resource: at most 50, none in AWS's own name space. */
export function newTags(
  entries: readonly [string, string][],
  refuse: (message: string) => AwsError,
): Record<string, string> {
  const tagged: Tagged = { tags: {} };
  merge(tagged, entries, refuse, () => refuse(`The number of tags exceeds the limit of ${tagLimit}.`));
  return tagged.tags;
}

function merge(
  tagged: Tagged,
  entries: readonly [string, string][],
  refuse: (message: string) => AwsError,
  tooMany: () => AwsError,
): void {
  const reserved = entries.find(([key]) => key.toLowerCase().startsWith('aws:'));
  if (reserved) throw refuse(`aws: prefixed tag key names are not allowed for external use: ${reserved[0]}`);
  const merged = { ...tagged.tags, ...Object.fromEntries(entries) };
  if (Object.keys(merged).length > tagLimit) throw tooMany();
  tagged.tags = merged;
}

function taggedByARN(arn: string, scope: Scope): Tagged {
  if (arn.endsWith(':*')) {
    throw validationException(`Value '${arn}' at 'resourceArn' is not a valid resource ARN: remove the :* at its end`);
  }
  const detector = scope.region.logAnomalyDetectors.get(arn);
  if (detector !== undefined) return detector;
  const [, , service, region, account, kind, name] = arn.split(':');
  if (service === 'logs' && kind === 'anomaly-detector') {
    throw resourceNotFound('The specified anomaly detector does not exist.');
  }
  if (!arn.startsWith('arn:') || service !== 'logs' || kind !== 'log-group' || name === undefined) {
    throw invalidParameter(`The specified resource ARN is not valid: ${arn}`);
  }
  const group =
    region === scope.region.name && account === scope.account.id ? scope.region.logGroups.get(name) : undefined;
  if (!group) throw resourceNotFound('The specified log group does not exist.');
  return group;
}

function monitored(arn: string, scope: Scope): Tagged {
  const parts = arn.split(':');
  const [prefix, , service, region, account] = parts;
  const resource = parts.slice(5).join(':');
  if (prefix !== 'arn' || service !== 'cloudwatch') throw validationError(`Invalid resource ARN: ${arn}`);
  const found =
    account !== scope.account.id
      ? undefined
      : resource.startsWith('alarm:') && region === scope.region.name
        ? scope.region.alarms.get(resource.slice('alarm:'.length))
        : resource.startsWith('alarm-mute-rule:') && region === scope.region.name
          ? scope.region.muteRules.get(resource.slice('alarm-mute-rule:'.length))
          : resource.startsWith('dashboard/') && region === ''
            ? scope.account.dashboards.get(resource.slice('dashboard/'.length))
            : undefined;
  if (!found) {
    throw new AwsError('ResourceNotFoundException', `Unable to find resource with arn ${arn}`, {
      status: 404,
      members: { ResourceType: 'Resource', ResourceId: arn },
    });
  }
  return found;
}
