import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { listed } from '#src/domain/plan/remark.ts';
import type { Change, Observed, Sink } from '#src/domain/resource.ts';
import { admittedBesides, readSinkPolicy, sinkPolicy } from '#src/domain/sink-policy.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { awsName, isAbsent } from './errors.ts';
import { isMarkOf, markOfTags } from './marks.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';
import { differences, setDifferences, tagDifferences } from './structural-diff.ts';

const ref = { kind: 'Sink', name: 'sink' } as const;

/**
 * The sink of a monitoring account: one per account and Region, whatever its name, so it is found by listing. The mark
 * is in its tags, which the observing read carries. A policy is only ever put whole.
 */
export function sinks(session: Session): ResourceHandler<'Sink'> {
  const observe = async (signal: AbortSignal): Promise<Observed<'Sink'> | undefined> => {
    const [arn] = await sinkARNs(session, signal);
    const found = arn === undefined ? undefined : await read(session, arn, signal);
    return found ?? session.absent(ref);
  };

  const putPolicy = (arn: string, desired: Sink, signal: AbortSignal) => {
    const Policy = JSON.stringify(sinkPolicy(desired));
    return session.call('oam:PutSinkPolicy', arn, { SinkIdentifier: arn, Policy }, signal);
  };

  const update = async (desired: Sink, now: Observed<'Sink'>, signal: AbortSignal): Promise<void> => {
    const { arn = '', resource } = now;
    // The mark comes last: of a sink that is taken over the statements of others are kept before it counts as ours.
    if (policyDifferences(desired, resource).length > 0) await putPolicy(arn, desired, signal);
    if (tagDifferences(resource.tags, desired.tags).length > 0)
      await session.call('oam:TagResource', arn, { ResourceArn: arn, Tags: { ...desired.tags } }, signal);
  };

  return {
    observe: (_ref, _marks, signal) => observe(signal),
    diff,
    async apply(desired, now, signal) {
      if (now !== undefined) {
        await update(desired, now, signal);
        return { ...ref, ...(now.id !== undefined && { id: now.id }) };
      }
      try {
        const input = { Name: desired.awsName, Tags: { ...desired.tags } };
        const { Arn = '', Id } = await session.call('oam:CreateSink', desired.awsName, input, signal);
        session.created(ref);
        await putPolicy(Arn, desired, signal);
        return { ...ref, ...(Id !== undefined && { id: Id }) };
      } catch (error) {
        if (awsName(error) !== 'ConflictException') throw error;
        const there = await observe(signal);
        if (there === undefined || !isMarkOf(there.mark, session.owner)) throw appeared(error);
        await update(desired, there, signal);
        return { ...ref, ...(there.id !== undefined && { id: there.id }) };
      }
    },
    async delete(_ref, { arn = '' }, signal) {
      try {
        const links = await attachedLinks(session, arn, signal);
        if (links.length > 0) throw hasLinks(arn, links);
        await session.call('oam:DeleteSink', arn, { Identifier: arn }, signal);
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
      session.deleted(ref);
    },
    async find(_owner, signal) {
      const found = await observe(signal);
      if (found === undefined || !isMarkOf(found.mark, session.owner)) return [];
      return [{ ...ref, ...(found.id !== undefined && { id: found.id }) }];
    },
  };
}

async function sinkARNs(session: Session, signal: AbortSignal): Promise<readonly string[]> {
  const found = await allPages(async (NextToken) => {
    const page = await session.call('oam:ListSinks', '*', { NextToken }, signal);
    return { items: page.Items, next: page.NextToken };
  });
  return found.flatMap(({ Arn }) => (Arn === undefined ? [] : [Arn]));
}

async function read(session: Session, arn: string, signal: AbortSignal): Promise<Observed<'Sink'> | undefined> {
  try {
    const [sink, policy] = await Promise.all([
      session.call('oam:GetSink', arn, { Identifier: arn, IncludeTags: true }, signal),
      policyOf(session, arn, signal),
    ]);
    const { Name = '', Id, Tags: tags = {} } = sink;
    const resource: Sink = { ...ref, awsName: Name, ...readSinkPolicy(policy), tags };
    const others = admittedBesides(resource);
    const message = `the policy of the sink goes on admitting ${listed(others)}, whom it admitted when it was adopted: name them in crossAccount.sink, or remove their statements (Sid BedrockMonitorKept…) from the policy in AWS`;
    return {
      resource,
      arn,
      mark: markOfTags(tags),
      ...(Id !== undefined && { id: Id }),
      ...(others.length > 0 && { notes: [{ reason: 'AdmitsOthers', message }] }),
    };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** A sink that was just made has none. */
async function policyOf(session: Session, arn: string, signal: AbortSignal): Promise<JsonObject | undefined> {
  try {
    const { Policy } = await session.call('oam:GetSinkPolicy', arn, { SinkIdentifier: arn }, signal);
    return Policy === undefined || Policy === '' ? undefined : JSON.parse(Policy);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function attachedLinks(session: Session, arn: string, signal: AbortSignal) {
  return allPages(async (NextToken) => {
    const page = await session.call('oam:ListAttachedLinks', arn, { SinkIdentifier: arn, NextToken }, signal);
    return { items: page.Items, next: page.NextToken };
  });
}

/** The name is AWS's to keep, and the policy is compared by meaning. */
function diff(desired: Sink, { resource }: Observed<'Sink'>): readonly Change[] {
  return [...policyDifferences(desired, resource), ...tagDifferences(resource.tags, desired.tags)];
}

function policyDifferences(desired: Sink, observed: Sink): readonly Change[] {
  return [
    ...setDifferences('sourceAccountIDs', observed.sourceAccountIDs, desired.sourceAccountIDs),
    ...setDifferences('organizationIDs', observed.organizationIDs, desired.organizationIDs),
    ...setDifferences('resourceTypes', observed.resourceTypes, desired.resourceTypes),
    ...differences('otherStatements', text(observed), text(desired)).map((change) => ({
      ...change,
      from: [...observed.otherStatements],
      to: [...desired.otherStatements],
    })),
  ];
}

/** As a whole: an index into a list of statements says nothing to anybody. */
function text({ otherStatements }: Sink): string {
  return JSON.stringify(otherStatements);
}

function appeared(cause: unknown): Waiting {
  return new Waiting('ConcurrentChange', 'a sink came into being in AWS meanwhile: it is looked at again', {
    cause,
    retryAfterMs: 2_000,
  });
}

function hasLinks(arn: string, links: readonly { readonly Label?: string; readonly LinkArn?: string }[]): Stalled {
  const named = links.map(({ LinkArn = '' }) => `${LinkArn} of account ${LinkArn.split(':')[4] ?? ''}`);
  const [, , , region = ''] = arn.split(':');
  return new Stalled(
    'SinkHasLinks',
    `sink ${arn} cannot be deleted while accounts are linked to it: ${listed(named, 5)}. Delete their links in those accounts (aws oam delete-link --identifier ARN --region ${region}, or remove crossAccount.link from the BedrockMonitors there), or keep the sink with deletionPolicy.crossAccount: Retain`,
  );
}
