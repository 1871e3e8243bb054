import { array, check, map, required, string } from './constraints.ts';
import { AwsError, validationException } from './errors.ts';
import { object, stringMap, text, texts } from './members.ts';
import { notFound } from './oam-errors.ts';
import type { Operation, Scope } from './operation.ts';
import { logTagKey, logTagValue, tagLimit } from './tag-constraints.ts';

const resourceARN = required(string(1, 2048, /^arn:[^:]+:oam:[^:]+:[0-9]{12}:(link|sink)\/[0-9a-f-]+$/));

/** Tags of sinks and links: tagging merges. */
export const oamTagOperations: readonly Operation[] = [
  {
    service: 'oam',
    name: 'TagResource',
    mutates: true,
    permissions: (input) => [{ action: 'oam:TagResource', resource: text(input, 'ResourceArn') ?? '' }],
    run(input, scope) {
      const Tags = required(map(1, tagLimit, logTagKey, logTagValue));
      check(input, { ResourceArn: resourceARN, Tags }, validationException);
      const tagged = taggedBy(text(input, 'ResourceArn') ?? '', scope);
      const merged = { ...tagged.tags, ...stringMap(object(input, 'Tags')) };
      if (Object.keys(merged).length > tagLimit)
        throw new AwsError('TooManyTagsException', `A resource can have no more than ${tagLimit} tags.`);
      tagged.tags = merged;
      return {};
    },
  },
  {
    service: 'oam',
    name: 'UntagResource',
    mutates: true,
    permissions: (input) => [{ action: 'oam:UntagResource', resource: text(input, 'ResourceArn') ?? '' }],
    run(input, scope) {
      check(input, { ResourceArn: resourceARN, TagKeys: required(array(1, tagLimit, logTagKey)) }, validationException);
      const tagged = taggedBy(text(input, 'ResourceArn') ?? '', scope);
      for (const key of texts(input, 'TagKeys')) delete tagged.tags[key];
      return {};
    },
  },
  {
    service: 'oam',
    name: 'ListTagsForResource',
    mutates: false,
    permissions: (input) => [{ action: 'oam:ListTagsForResource', resource: text(input, 'ResourceArn') ?? '' }],
    run(input, scope) {
      check(input, { ResourceArn: resourceARN }, validationException);
      return { Tags: { ...taggedBy(text(input, 'ResourceArn') ?? '', scope).tags } };
    },
  },
];

function taggedBy(arn: string, { region }: Scope): { tags: Record<string, string> } {
  const found = region.sinks.get(arn) ?? region.links.get(arn);
  if (found === undefined) throw notFound('resource', arn);
  return found;
}
