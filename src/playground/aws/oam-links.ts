import type { JsonObject } from '#src/domain/json.ts';
import { array, boolean, check, integer, oneOf, required, string, structure } from './constraints.ts';
import { AwsError } from './errors.ts';
import { flag, object, stringMap, text, texts } from './members.ts';
import { conflict, invalid, notFound, quotaExceeded } from './oam-errors.ts';
import { admits } from './oam-policy.ts';
import { identifier, newID, paged, reading, tagging, tagMap } from './oam-sinks.ts';
import type { Link, Sink } from './oam-state.ts';
import type { Operation, Permission, Scope } from './operation.ts';
import { arn } from './operation.ts';

/** What can be shared, and what the caller needs for it beside OAM ("Link monitoring accounts with source accounts"). */
const permissionByType: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Metric': 'cloudwatch:Link',
  'AWS::Logs::LogGroup': 'logs:Link',
  'AWS::XRay::Trace': 'xray:Link',
  'AWS::ApplicationInsights::Application': 'applicationinsights:Link',
  'AWS::InternetMonitor::Monitor': 'internetmonitor:Link',
  'AWS::ApplicationSignals::Service': 'application-signals:Link',
  'AWS::ApplicationSignals::ServiceLevelObjective': 'application-signals:Link',
};

/** AWS: five links a source account and Region, not adjustable. */
const LINKS = 5;

const resourceTypes = array(1, 50, oneOf(Object.keys(permissionByType)));
const filter = structure({ Filter: required(string(1, 2000)) });
const configuration = structure({ MetricConfiguration: filter, LogGroupConfiguration: filter });

const createLink: Operation = {
  service: 'oam',
  name: 'CreateLink',
  mutates: true,
  permissions: (input, scope) => [
    { action: 'oam:CreateLink', resource: arn(scope, 'oam', 'link/*') },
    { action: 'oam:CreateLink', resource: text(input, 'SinkIdentifier') ?? '' },
    ...tagging(input, arn(scope, 'oam', 'link/*')),
    ...sharing(input),
  ],
  run(input, scope) {
    check(
      input,
      {
        LabelTemplate: required(string(1, 64)),
        LinkConfiguration: configuration,
        ResourceTypes: required(resourceTypes),
        SinkIdentifier: required(identifier),
        Tags: tagMap,
      },
      invalid,
    );
    const sinkARN = text(input, 'SinkIdentifier') ?? '';
    const sink = sinkOf(sinkARN, scope);
    if (sinkARN.split(':')[4] === scope.account.id)
      throw invalid('A link cannot be created to a sink of its own account.');
    const links = scope.region.links;
    if ([...links.values()].some((link) => link.sinkARN === sinkARN))
      throw conflict('A link to this sink already exists in this account.');
    if (links.size >= LINKS) throw quotaExceeded(`An account may have no more than ${LINKS} links.`);
    const types = [...new Set(texts(input, 'ResourceTypes'))];
    mustAdmit(sink, 'oam:CreateLink', types, scope);
    const id = newID(scope);
    const template = text(input, 'LabelTemplate') ?? '';
    const link: Link = {
      id,
      arn: arn(scope, 'oam', `link/${id}`),
      label: labelOf(template, scope),
      labelTemplate: template,
      sinkARN,
      resourceTypes: types,
      configuration: filtersAfter(undefined, object(input, 'LinkConfiguration')),
      tags: stringMap(object(input, 'Tags')),
    };
    scope.changing(links, link.arn);
    links.set(link.arn, link);
    return described(link, true);
  },
};

const getLink: Operation = {
  service: 'oam',
  name: 'GetLink',
  mutates: false,
  permissions: (input) => reading('oam:GetLink', input),
  run(input, scope) {
    check(input, { Identifier: required(identifier), IncludeTags: boolean() }, invalid);
    return described(ownLink(input, scope), flag(input, 'IncludeTags') === true);
  },
};

const listLinks: Operation = {
  service: 'oam',
  name: 'ListLinks',
  mutates: false,
  permissions: () => [{ action: 'oam:ListLinks', resource: '*' }],
  run(input, scope) {
    check(input, { MaxResults: integer(1, 5), NextToken: string() }, invalid);
    const all = [...scope.seen(scope.region.links).values()];
    return paged(
      input,
      5,
      all.map(({ arn: Arn, id: Id, label: Label, resourceTypes: types, sinkARN: SinkArn }) => ({
        Arn,
        Id,
        Label,
        ResourceTypes: [...types],
        SinkArn,
      })),
    );
  },
};

const updateLink: Operation = {
  service: 'oam',
  name: 'UpdateLink',
  mutates: true,
  permissions: (input, scope) => {
    const resource = text(input, 'Identifier') ?? '';
    const sink = scope.region.links.get(resource)?.sinkARN;
    return [
      { action: 'oam:UpdateLink', resource },
      ...(sink === undefined ? [] : [{ action: 'oam:UpdateLink', resource: sink }]),
      ...sharing(input),
    ];
  },
  run(input, scope) {
    check(
      input,
      {
        Identifier: required(identifier),
        IncludeTags: boolean(),
        LinkConfiguration: configuration,
        ResourceTypes: required(resourceTypes),
      },
      invalid,
    );
    const link = ownLink(input, scope);
    const types = [...new Set(texts(input, 'ResourceTypes'))];
    mustAdmit(sinkOf(link.sinkARN, scope), 'oam:UpdateLink', types, scope);
    scope.changing(scope.region.links, link.arn);
    // The list is replaced; a filter that is not named stays.
    link.resourceTypes = types;
    link.configuration = filtersAfter(link.configuration, object(input, 'LinkConfiguration'));
    return described(link, flag(input, 'IncludeTags') === true);
  },
};

const deleteLink: Operation = {
  service: 'oam',
  name: 'DeleteLink',
  mutates: true,
  permissions: (input) => [{ action: 'oam:DeleteLink', resource: text(input, 'Identifier') ?? '' }],
  run(input, scope) {
    check(input, { Identifier: required(identifier) }, invalid);
    const link = ownLink(input, scope);
    scope.changing(scope.region.links, link.arn);
    scope.region.links.delete(link.arn);
    return {};
  },
};

export const linkOperations: readonly Operation[] = [createLink, getLink, listLinks, updateLink, deleteLink];

function sharing(input: JsonObject): readonly Permission[] {
  const actions = new Set(texts(input, 'ResourceTypes').flatMap((type) => permissionByType[type] ?? []));
  return [...actions].map((action) => ({ action, resource: '*' }));
}

/** A sink of any account, in the Region of the link. */
function sinkOf(sinkARN: string, { world, region }: Scope): Sink {
  const account = world.accounts.get(sinkARN.split(':')[4] ?? '');
  const found = account?.regions.get(region.name)?.sinks.get(sinkARN);
  if (found === undefined) throw notFound('sink', sinkARN);
  return found;
}

function mustAdmit(
  sink: Sink,
  action: 'oam:CreateLink' | 'oam:UpdateLink',
  types: readonly string[],
  { account, caller }: Scope,
): void {
  if (admits(sink.policy, action, account, sink.arn, types)) return;
  throw new AwsError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${sink.arn} because no resource-based policy allows the ${action} action`,
    { status: 403 },
  );
}

function ownLink(input: JsonObject, scope: Scope): Link {
  const linkARN = text(input, 'Identifier') ?? '';
  const found = scope.region.links.get(linkARN);
  if (found === undefined) throw notFound('link', linkARN);
  return found;
}

/** `*` clears a filter, one that is not given stays. */
function filtersAfter(before: JsonObject | undefined, given: JsonObject | undefined): JsonObject | undefined {
  const kept = Object.entries({ ...before, ...given }).filter(
    ([, one]) => typeof one === 'object' && one !== null && 'Filter' in one && one['Filter'] !== '*',
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** The simulator knows no names of accounts. */
function labelOf(template: string, { account }: Scope): string {
  return template
    .replaceAll('$AccountEmailNoDomain', `account-${account.id}`)
    .replaceAll('$AccountEmail', `account-${account.id}@example.com`)
    .replaceAll('$AccountName', `account-${account.id}`);
}

function described(link: Link, withTags: boolean): JsonObject {
  return {
    Arn: link.arn,
    Id: link.id,
    Label: link.label,
    LabelTemplate: link.labelTemplate,
    ...(link.configuration !== undefined && { LinkConfiguration: link.configuration }),
    ResourceTypes: [...link.resourceTypes],
    SinkArn: link.sinkARN,
    ...(withTags && { Tags: { ...link.tags } }),
  };
}
