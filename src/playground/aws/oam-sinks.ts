import type { JsonObject } from '#src/domain/json.ts';
import { boolean, check, integer, map, required, string } from './constraints.ts';
import { flag, number, object, stringMap, text } from './members.ts';
import { conflict, invalid, notFound } from './oam-errors.ts';
import { checkSinkPolicy } from './oam-policy.ts';
import type { Link, Sink } from './oam-state.ts';
import type { Operation, Scope } from './operation.ts';
import { arn } from './operation.ts';
import { page } from './paging.ts';
import { logTagKey, logTagValue, tagLimit } from './tag-constraints.ts';

/** An ARN, as all of OAM takes resources. */
export const identifier = string(1, 2048, /^[a-zA-Z0-9][a-zA-Z0-9_:.\-/]{0,2047}$/);
export const tagMap = map(0, tagLimit, logTagKey, logTagValue);

const createSink: Operation = {
  service: 'oam',
  name: 'CreateSink',
  mutates: true,
  permissions: (input, scope) => [
    { action: 'oam:CreateSink', resource: '*' },
    ...tagging(input, arn(scope, 'oam', 'sink/*')),
  ],
  run(input, scope) {
    check(input, { Name: required(string(1, 255, /^[a-zA-Z0-9_.-]+$/)), Tags: tagMap }, invalid);
    if (scope.region.sinks.size > 0) throw conflict('A sink already exists in this account and Region.');
    const id = newID(scope);
    const sink: Sink = {
      id,
      arn: arn(scope, 'oam', `sink/${id}`),
      name: text(input, 'Name') ?? '',
      policy: undefined,
      tags: stringMap(object(input, 'Tags')),
    };
    scope.changing(scope.region.sinks, sink.arn);
    scope.region.sinks.set(sink.arn, sink);
    return described(sink, true);
  },
};

const getSink: Operation = {
  service: 'oam',
  name: 'GetSink',
  mutates: false,
  permissions: (input) => reading('oam:GetSink', input),
  run(input, scope) {
    check(input, { Identifier: required(identifier), IncludeTags: boolean() }, invalid);
    return described(ownSink(text(input, 'Identifier') ?? '', scope), flag(input, 'IncludeTags') === true);
  },
};

const listSinks: Operation = {
  service: 'oam',
  name: 'ListSinks',
  mutates: false,
  permissions: () => [{ action: 'oam:ListSinks', resource: '*' }],
  run(input, scope) {
    check(input, { MaxResults: integer(1, 100), NextToken: string() }, invalid);
    const all = [...scope.seen(scope.region.sinks).values()];
    return paged(
      input,
      100,
      all.map(({ arn: Arn, id: Id, name: Name }) => ({ Arn, Id, Name })),
    );
  },
};

const putSinkPolicy: Operation = {
  service: 'oam',
  name: 'PutSinkPolicy',
  mutates: true,
  permissions: (input) => [{ action: 'oam:PutSinkPolicy', resource: text(input, 'SinkIdentifier') ?? '' }],
  run(input, scope) {
    check(input, { SinkIdentifier: required(identifier), Policy: required(string(1)) }, invalid);
    const sink = ownSink(text(input, 'SinkIdentifier') ?? '', scope);
    const policy = text(input, 'Policy') ?? '';
    checkSinkPolicy(policy);
    // The whole policy, whatever was in it before. Links that exist stay.
    sink.policy = policy;
    return { SinkArn: sink.arn, SinkId: sink.id, Policy: policy };
  },
};

const getSinkPolicy: Operation = {
  service: 'oam',
  name: 'GetSinkPolicy',
  mutates: false,
  permissions: (input) => [{ action: 'oam:GetSinkPolicy', resource: text(input, 'SinkIdentifier') ?? '' }],
  run(input, scope) {
    check(input, { SinkIdentifier: required(identifier) }, invalid);
    const sink = ownSink(text(input, 'SinkIdentifier') ?? '', scope);
    if (sink.policy === undefined) throw notFound('policy of sink', sink.arn);
    return { SinkArn: sink.arn, SinkId: sink.id, Policy: sink.policy };
  },
};

const deleteSink: Operation = {
  service: 'oam',
  name: 'DeleteSink',
  mutates: true,
  permissions: (input) => [{ action: 'oam:DeleteSink', resource: text(input, 'Identifier') ?? '' }],
  run(input, scope) {
    check(input, { Identifier: required(identifier) }, invalid);
    const sink = ownSink(text(input, 'Identifier') ?? '', scope);
    if (linksTo(sink.arn, scope, (links) => links).length > 0)
      throw conflict('The sink cannot be deleted because links are attached to it.');
    scope.changing(scope.region.sinks, sink.arn);
    scope.region.sinks.delete(sink.arn);
    return {};
  },
};

const listAttachedLinks: Operation = {
  service: 'oam',
  name: 'ListAttachedLinks',
  mutates: false,
  permissions: (input) => [{ action: 'oam:ListAttachedLinks', resource: text(input, 'SinkIdentifier') ?? '' }],
  run(input, scope) {
    check(input, { SinkIdentifier: required(identifier), MaxResults: integer(1, 1000), NextToken: string() }, invalid);
    const sink = ownSink(text(input, 'SinkIdentifier') ?? '', scope);
    const attached = linksTo(sink.arn, scope, (links) => scope.seen(links));
    return paged(
      input,
      1000,
      attached.map(({ label: Label, arn: LinkArn, resourceTypes }) => ({
        Label,
        LinkArn,
        ResourceTypes: [...resourceTypes],
      })),
    );
  },
};

export const sinkOperations: readonly Operation[] = [
  createSink,
  getSink,
  listSinks,
  putSinkPolicy,
  getSinkPolicy,
  deleteSink,
  listAttachedLinks,
];

/** What a read of one resource needs: its tags take a permission of their own. */
export function reading(action: string, input: JsonObject) {
  const resource = text(input, 'Identifier') ?? '';
  const tags = flag(input, 'IncludeTags') === true ? [{ action: 'oam:ListTagsForResource', resource }] : [];
  return [{ action, resource }, ...tags];
}

/** Tags given at creation need the permission to tag. */
export function tagging(input: JsonObject, resource: string) {
  return Object.keys(object(input, 'Tags') ?? {}).length > 0 ? [{ action: 'oam:TagResource', resource }] : [];
}

/** As AWS makes up the last part of an ARN. */
export function newID(scope: Scope): string {
  const hex = Array.from({ length: 32 }, () => scope.random(16).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function paged(input: JsonObject, most: number, all: readonly JsonObject[]): JsonObject {
  const size = number(input, 'MaxResults') ?? most;
  const { items, nextToken } = page(all, size, text(input, 'NextToken'), () => invalid('NextToken is not valid.'));
  return { Items: [...items], ...(nextToken !== undefined && { NextToken: nextToken }) };
}

function ownSink(sinkARN: string, scope: Scope): Sink {
  const found = scope.region.sinks.get(sinkARN);
  if (found === undefined) throw notFound('sink', sinkARN);
  return found;
}

function described(sink: Sink, withTags: boolean): JsonObject {
  const { arn: Arn, id: Id, name: Name, tags } = sink;
  return { Arn, Id, Name, ...(withTags && { Tags: { ...tags } }) };
}

/** Of all accounts, in the Region of the sink. */
function linksTo(
  sinkARN: string,
  { world, region }: Scope,
  view: (links: Map<string, Link>) => ReadonlyMap<string, Link>,
): readonly Link[] {
  return [...world.accounts.values()]
    .flatMap(({ regions }) => [...view(regions.get(region.name)?.links ?? new Map<string, Link>()).values()])
    .filter((link) => link.sinkARN === sinkARN);
}
