import type { Json } from '#src/domain/json.ts';
import { namePrefixes } from '#src/domain/names.ts';
import type { Change, Dashboard, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { isAbsent } from './errors.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';
import { monitoringTags, tagList } from './session.ts';
import { differences, tagDifferences } from './structural-diff.ts';

/** CloudWatch dashboards: one name space for all Regions of an account. The mark is in the tags. */
export function dashboards(session: Session): ResourceHandler<'Dashboard'> {
  return {
    async observe({ name }, marks, signal) {
      const ref = { kind: 'Dashboard', name } as const;
      const arn = arnOf(session, name);
      const text = await read(session, name, arn, signal);
      if (text === undefined) return session.absent(ref);
      const warned = session.warnings.get(name);
      const notes = warned?.body === text && warned.messages.length > 0 ? { notes: [note(name, warned.messages)] } : {};
      const head = { arn, ...notes };
      const resource = { ...ref, body: parse(text), tags: {} };
      if (marks === 'IfFree') return { ...head, resource, mark: { state: 'Unread' } };
      const { tags, mark } = await monitoringTags(session, arn, signal);
      return { ...head, resource: { ...resource, tags }, mark };
    },
    diff,
    async apply(desired, now, signal) {
      const { name, tags } = desired;
      const arn = arnOf(session, name);
      const changed = now === undefined ? [] : diff(desired, now).map(({ path }) => path);
      if (changed.some((path) => path.startsWith('tags'))) {
        await session.call('cloudwatch:TagResource', arn, { ResourceARN: arn, Tags: tagList(tags) }, signal);
      }
      if (now !== undefined && !changed.some((path) => path.startsWith('body'))) return { kind: 'Dashboard', name };
      const body = JSON.stringify(desired.body);
      // AWS takes tags with a new dashboard only.
      const input = { DashboardName: name, DashboardBody: body, ...(now === undefined && { Tags: tagList(tags) }) };
      const { DashboardValidationMessages: messages = [] } = await session.call(
        'cloudwatch:PutDashboard',
        arn,
        input,
        signal,
      );
      session.warnings.set(name, {
        body,
        messages: messages.map(({ DataPath = '', Message = '' }) =>
          DataPath === '' ? Message : `${DataPath}: ${Message}`,
        ),
      });
      if (now === undefined) session.created({ kind: 'Dashboard', name });
      return { kind: 'Dashboard', name };
    },
    async delete({ name }, _observed, signal) {
      try {
        await session.call('cloudwatch:DeleteDashboards', arnOf(session, name), { DashboardNames: [name] }, signal);
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
      session.warnings.delete(name);
      session.deleted({ kind: 'Dashboard', name });
    },
    async find(owner, signal) {
      const input = { DashboardNamePrefix: namePrefixes(owner).flat };
      const entries = await allPages(async (NextToken) => {
        const page = await session.call('cloudwatch:ListDashboards', '*', { ...input, NextToken }, signal);
        return { items: page.DashboardEntries, next: page.NextToken };
      });
      return entries.map(({ DashboardName = '' }) => ({ kind: 'Dashboard', name: DashboardName }));
    },
  };
}

async function read(session: Session, name: string, arn: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { DashboardBody } = await session.call('cloudwatch:GetDashboard', arn, { DashboardName: name }, signal);
    return DashboardBody ?? '';
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Bodies are compared by meaning: AWS keeps the text as it was put, whoever put it. */
function diff(desired: Dashboard, { resource, mark }: Observed<'Dashboard'>): readonly Change[] {
  return [
    ...differences('body', resource.body, desired.body),
    ...(mark.state === 'Unread' ? [] : tagDifferences(resource.tags, desired.tags)),
  ];
}

/** A body that is not JSON differs from every declared one. */
function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function note(name: string, messages: readonly string[]): Note {
  return {
    reason: 'AcceptedWithWarnings',
    message: `AWS took dashboard ${name} with warnings: ${messages.join('; ')}`,
  };
}

type Note = NonNullable<Observed['notes']>[number];

function arnOf({ place }: Session, name: string): string {
  return `arn:${place.partition}:cloudwatch::${place.accountID}:dashboard/${name}`;
}
