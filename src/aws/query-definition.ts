import { createHash } from 'node:crypto';
import type { QueryParameter as WireParameter, QueryDefinition as WireQuery } from '@aws-sdk/client-cloudwatch-logs';
import { namePrefixes } from '#src/domain/names.ts';
import type { Change, Observed, QueryDefinition, QueryParameter, ResourceRef } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { isAbsent } from './errors.ts';
import { isMarkOf, markQuery, readQuery } from './marks.ts';
import type { Session } from './session.ts';
import { listQueries } from './shared-calls.ts';
import { declaredDifferences, differences, setDifferences } from './structural-diff.ts';

/** What `raw` of an observed query holds. */
interface Raw {
  readonly wire: WireQuery;
  /** IDs of further queries of ours under the name, left by a crash or a lost answer. */
  readonly twins: readonly string[];
}

/**
 * Saved Logs Insights queries. AWS generates the ID and lets several have one name, so ours is found by name and mark;
 * of several the one with the lowest ID is kept and the others are deleted.
 */
export function queryDefinitions(session: Session): ResourceHandler<'QueryDefinition'> {
  const list = (prefix: string, signal: AbortSignal) =>
    listQueries((input) => session.call('logs:DescribeQueryDefinitions', '*', input, signal), prefix);

  const remove = async (id: string, signal: AbortSignal): Promise<void> => {
    try {
      await session.call('logs:DeleteQueryDefinition', id, { queryDefinitionId: id }, signal);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  };

  return {
    async observe(ref, _marks, signal) {
      const named = (await session.shared.queries(ref.name, signal)) ?? [];
      const known = ref.id === undefined || named.some((one) => one.queryDefinitionId === ref.id);
      // Known by its ID but not by its name any more: renamed by a person, or gone.
      const renamed = known ? [] : (await list('', signal)).filter((one) => one.queryDefinitionId === ref.id);
      const all = [...named, ...renamed].sort(byID);
      if (all.length === 0) return session.absent({ kind: 'QueryDefinition', name: ref.name });
      const ours = all.filter((one) => isOurs(one, session));
      const [kept] = ours;
      return kept === undefined ? ofOthers(all) : observed(kept, ours.slice(1).map(idOf));
    },
    diff,
    async apply(desired, now, signal) {
      const raw = rawOf(now);
      const input = putInput(desired, session, raw?.wire);
      const name = desired.name;
      for (const twin of raw?.twins ?? []) await remove(twin, signal);
      if (now?.id !== undefined) {
        await session.call('logs:PutQueryDefinition', name, { ...input, queryDefinitionId: now.id }, signal);
        return { kind: 'QueryDefinition', name, id: now.id };
      }
      const { queryDefinitionId } = await session.call(
        'logs:PutQueryDefinition',
        name,
        { ...input, clientToken: tokenFor(session, input) },
        signal,
      );
      session.created({ kind: 'QueryDefinition', name });
      return { kind: 'QueryDefinition', name, ...(queryDefinitionId !== undefined && { id: queryDefinitionId }) };
    },
    async delete(ref, now, signal) {
      const ids = [...(now.id === undefined ? [] : [now.id]), ...(rawOf(now)?.twins ?? [])];
      for (const id of ids) await remove(id, signal);
      session.deleted({ kind: 'QueryDefinition', name: ref.name });
    },
    async find(owner, signal) {
      const found = await list(namePrefixes(owner).path, signal);
      return found.map(
        ({ name = '', queryDefinitionId }): ResourceRef<'QueryDefinition'> => ({
          kind: 'QueryDefinition',
          name,
          ...(queryDefinitionId !== undefined && { id: queryDefinitionId }),
        }),
      );
    },
  };
}

/**
 * All that AWS is to hold: an update without log groups would clear them, as it would the parameters. Those that are
 * not declared stay as they are; only CWLI has any ("Query parameters are supported only for Logs Insights QL queries",
 * PutQueryDefinition).
 */
function putInput(desired: QueryDefinition, { owner }: Session, now: WireQuery | undefined) {
  const { name, queryString, queryLanguage, logGroupNames } = desired;
  const parameters = queryLanguage === 'CWLI' ? (desired.parameters ?? now?.parameters) : undefined;
  return {
    name,
    queryString: markQuery(queryString, queryLanguage, owner),
    queryLanguage,
    ...(logGroupNames.length > 0 && { logGroupNames: [...logGroupNames] }),
    ...(parameters !== undefined && { parameters: [...parameters] }),
  };
}

/** One token for one create of this content, so that an answer that got lost does not make a second query. */
function tokenFor({ owner }: Session, input: { readonly name: string }): string {
  return createHash('sha256')
    .update([owner.uid, input.name, JSON.stringify(input)].join('\n'))
    .digest('hex');
}

function diff(desired: QueryDefinition, now: Observed<'QueryDefinition'>): readonly Change[] {
  const { name, queryString, queryLanguage, logGroupNames } = desired;
  return [
    ...declaredDifferences(
      { ...now.resource, name: rawOf(now)?.wire.name ?? name },
      { name, queryString, queryLanguage },
    ),
    ...setDifferences('logGroupNames', now.resource.logGroupNames, logGroupNames),
    ...(desired.parameters
      ? differences('parameters', byName(now.resource.parameters), byName(desired.parameters))
      : []),
    ...differences('copies', rawOf(now)?.twins.length ?? 0, 0),
  ];
}

function observed(wire: WireQuery, twins: readonly string[]): Observed<'QueryDefinition'> {
  const { text, mark } = readQuery(wire.queryString ?? '');
  const raw: Raw = { wire, twins };
  return {
    resource: {
      kind: 'QueryDefinition',
      name: wire.name ?? '',
      queryString: text,
      queryLanguage: wire.queryLanguage ?? 'CWLI',
      logGroupNames: wire.logGroupNames ?? [],
      parameters: (wire.parameters ?? []).map(parameterOf),
    },
    id: idOf(wire),
    mark,
    raw,
  };
}

/** None of them is ours: that of another monitor bars the name; of several that carry no mark nobody can say which one. */
function ofOthers(all: readonly WireQuery[]): Observed<'QueryDefinition'> | undefined {
  const found = all.map((wire) => observed(wire, []));
  const marked = found.find(({ mark }) => mark.state === 'Owned');
  const [first] = found;
  if (marked !== undefined || first === undefined || found.length === 1) return marked ?? first;
  const notAdoptable = `There are ${found.length} saved queries of that name, and none can be told to be the one to take over: delete or rename all but one in AWS, or set another awsName.`;
  return { ...first, notAdoptable };
}

function parameterOf({ name = '', defaultValue, description }: WireParameter): QueryParameter {
  return {
    name,
    ...(defaultValue !== undefined && { defaultValue }),
    ...(description !== undefined && { description }),
  };
}

/** Their order says nothing. */
function byName(parameters: readonly QueryParameter[] = []): Readonly<Record<string, QueryParameter>> {
  return Object.fromEntries(parameters.map((one) => [one.name, one]));
}

function isOurs(wire: WireQuery, { owner }: Session): boolean {
  return isMarkOf(readQuery(wire.queryString ?? '').mark, owner);
}

function byID(a: WireQuery, b: WireQuery): number {
  return idOf(a) < idOf(b) ? -1 : 1;
}

function idOf(wire: WireQuery): string {
  return wire.queryDefinitionId ?? '';
}

function rawOf(now: Observed<'QueryDefinition'> | undefined): Raw | undefined {
  const raw = now?.raw;
  return isRaw(raw) ? raw : undefined;
}

function isRaw(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && 'wire' in raw;
}
