import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { Change, Link, Observed } from '#src/domain/resource.ts';
import { sinkPolicy } from '#src/domain/sink-policy.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { awsName, classify, isAbsent, messageOf } from './errors.ts';
import { isMarkOf, markOfTags } from './marks.ts';
import type { LinkConfiguration, WireLink } from './oam-commands.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';
import { differences, setDifferences, tagDifferences } from './structural-diff.ts';

/**
 * The link of a source account to one sink: AWS has one per account and sink, so it is found by the sink's ARN, which
 * is its name here. The mark is in its tags, which the observing read carries.
 */
export function links(session: Session): ResourceHandler<'Link'> {
  const observe = async (sinkARN: string, signal: AbortSignal): Promise<Observed<'Link'> | undefined> => {
    const found = (await listLinks(session, signal)).find(({ SinkArn }) => SinkArn === sinkARN);
    const link = found?.Arn === undefined ? undefined : await read(session, found.Arn, signal);
    return link ?? session.absent({ kind: 'Link', name: sinkARN });
  };

  const update = async (desired: Link, now: Observed<'Link'>, signal: AbortSignal): Promise<void> => {
    const { arn = '', resource } = now;
    if (sharingDifferences(desired, resource).length > 0) {
      const LinkConfiguration = filters(desired, resource);
      const input = {
        Identifier: arn,
        // The list is replaced, and a filter that is not named stays.
        ResourceTypes: [...desired.resourceTypes],
        ...(LinkConfiguration !== undefined && { LinkConfiguration }),
      };
      await toSink(session, desired, () => session.call('oam:UpdateLink', arn, input, signal));
    }
    if (tagDifferences(resource.tags, desired.tags).length > 0)
      await session.call('oam:TagResource', arn, { ResourceArn: arn, Tags: { ...desired.tags } }, signal);
  };

  return {
    observe: ({ name }, _marks, signal) => observe(name, signal),
    diff: (desired, { resource }) => [
      ...sharingDifferences(desired, resource),
      ...tagDifferences(resource.tags, desired.tags),
    ],
    async apply(desired, now, signal) {
      const ref = { kind: 'Link', name: desired.name } as const;
      if (now !== undefined) {
        await update(desired, now, signal);
        return { ...ref, ...(now.id !== undefined && { id: now.id }) };
      }
      const LinkConfiguration = filters(desired, undefined);
      const input = {
        SinkIdentifier: desired.name,
        LabelTemplate: desired.labelTemplate,
        ResourceTypes: [...desired.resourceTypes],
        Tags: { ...desired.tags },
        ...(LinkConfiguration !== undefined && { LinkConfiguration }),
      };
      try {
        const { Id } = await toSink(session, desired, () =>
          session.call('oam:CreateLink', desired.name, input, signal),
        );
        session.created(ref);
        return { ...ref, ...(Id !== undefined && { id: Id }) };
      } catch (error) {
        if (awsName(error) !== 'ConflictException') throw error;
        const there = await observe(desired.name, signal);
        if (there === undefined || !isMarkOf(there.mark, session.owner)) throw appeared(desired.name, error);
        await update(desired, there, signal);
        return { ...ref, ...(there.id !== undefined && { id: there.id }) };
      }
    },
    async delete({ name }, { arn = '' }, signal) {
      try {
        await session.call('oam:DeleteLink', arn, { Identifier: arn }, signal);
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
      session.deleted({ kind: 'Link', name });
    },
    async find(_owner, signal) {
      const arns = (await listLinks(session, signal)).flatMap(({ Arn }) => (Arn === undefined ? [] : [Arn]));
      const found = await Promise.all(arns.map((arn) => read(session, arn, signal)));
      return found.flatMap((one) =>
        one === undefined || !isMarkOf(one.mark, session.owner)
          ? []
          : [{ kind: 'Link', name: one.resource.name } as const],
      );
    },
  };
}

function listLinks(session: Session, signal: AbortSignal): Promise<readonly WireLink[]> {
  return allPages(async (NextToken) => {
    const page = await session.call('oam:ListLinks', '*', { NextToken }, signal);
    return { items: page.Items, next: page.NextToken };
  });
}

async function read(session: Session, arn: string, signal: AbortSignal): Promise<Observed<'Link'> | undefined> {
  try {
    const link = await session.call('oam:GetLink', arn, { Identifier: arn, IncludeTags: true }, signal);
    const { Tags: tags = {}, LinkConfiguration: configuration, ResourceTypes = [], SinkArn = '', Id } = link;
    const metricFilter = configuration?.MetricConfiguration?.Filter;
    const logGroupFilter = configuration?.LogGroupConfiguration?.Filter;
    return {
      resource: {
        kind: 'Link',
        name: SinkArn,
        labelTemplate: link.LabelTemplate ?? '',
        resourceTypes: [...ResourceTypes].sort(),
        ...(isFilter(metricFilter) && { metricFilter }),
        ...(isFilter(logGroupFilter) && { logGroupFilter }),
        tags,
      },
      arn,
      mark: markOfTags(tags),
      ...(Id !== undefined && { id: Id }),
    };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** AWS may show a filter that was cleared as it was cleared. */
function isFilter(filter: string | undefined): filter is string {
  return filter !== undefined && filter !== '' && filter !== '*';
}

function sharingDifferences(desired: Link, observed: Link): readonly Change[] {
  return [
    ...setDifferences('resourceTypes', observed.resourceTypes, desired.resourceTypes),
    ...differences('metricFilter', observed.metricFilter, desired.metricFilter),
    ...differences('logGroupFilter', observed.logGroupFilter, desired.logGroupFilter),
  ];
}

/** `*` clears one that AWS has and the spec does not. */
function filters(desired: Link, observed: Link | undefined): LinkConfiguration | undefined {
  const metric = desired.metricFilter ?? (observed?.metricFilter === undefined ? undefined : '*');
  const group = desired.logGroupFilter ?? (observed?.logGroupFilter === undefined ? undefined : '*');
  if (metric === undefined && group === undefined) return undefined;
  return {
    ...(metric !== undefined && { MetricConfiguration: { Filter: metric } }),
    ...(group !== undefined && { LogGroupConfiguration: { Filter: group } }),
  };
}

/** What keeps a link from being made is often in the other account: the message says what is to be done there. */
async function toSink<T>({ place }: Session, link: Link, call: () => Promise<T>): Promise<T> {
  const [, , , , monitoring = ''] = link.name.split(':');
  try {
    return await call();
  } catch (error) {
    if (isAbsent(error)) {
      const message = `sink ${link.name} does not exist (yet) in account ${monitoring}: make it there (crossAccount.sink of a BedrockMonitor of that account), or correct crossAccount.link.sinkARN`;
      throw new Waiting('DependencyNotReady', message, { cause: error });
    }
    const said = messageOf(error);
    if (classify(error) !== 'Denied' || !said.includes('resource-based policy')) throw error;
    const admitted = { sourceAccountIDs: [place.accountID], organizationIDs: [], resourceTypes: link.resourceTypes };
    const statement = JSON.stringify(sinkPolicy({ ...admitted, otherStatements: [] })['Statement']);
    const message = `sink ${link.name} does not let account ${place.accountID} share ${link.resourceTypes.join(', ')}. Where a BedrockMonitor of account ${monitoring} holds the sink, add "${place.accountID}" to its crossAccount.sink.sourceAccountIDs; else add to the policy of the sink: ${statement} (AWS: ${said})`;
    if (error instanceof Waiting)
      throw new Waiting('AccessDenied', message, { cause: error, retryAfterMs: error.retryAfterMs ?? 15_000 });
    throw new Stalled('AccessDenied', message, { cause: error });
  }
}

function appeared(sinkARN: string, cause: unknown): Waiting {
  return new Waiting(
    'ConcurrentChange',
    `a link to ${sinkARN} came into being in AWS meanwhile: it is looked at again`,
    {
      cause,
      retryAfterMs: 2_000,
    },
  );
}
