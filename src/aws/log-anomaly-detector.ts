import type { AnomalyDetector, EvaluationFrequency } from '@aws-sdk/client-cloudwatch-logs';
import { namePrefixes, onGroup, splitOnGroup } from '#src/domain/names.ts';
import type { Change, LogAnomalyDetector, Observed, ResourceRef, Tags } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { isAbsent } from './errors.ts';
import { isMarkOf, markOfTags } from './marks.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';
import { declaredDifferences, differences, tagDifferences } from './structural-diff.ts';

/** A detector as listed, and its tags where they were read. */
interface Found {
  readonly wire: AnomalyDetector;
  readonly tags: Tags | undefined;
}

/** What `raw` of an observed detector holds: ARNs of further ones of ours, left by a lost answer. */
interface Raw {
  readonly twins: readonly string[];
}

/** AWS's page. */
const PAGE = 50;

/**
 * Log anomaly detectors. AWS makes the ARN and lets several have one name, so ours is found by its name, and by its tags
 * where they are read; of several of ours the one with the lowest ARN is kept and the others are deleted.
 */
export function logAnomalyDetectors(session: Session): ResourceHandler<'LogAnomalyDetector'> {
  /** The list lags: a detector that is shown in it may be gone, and then it is not there. */
  const withTags = async (wire: AnomalyDetector, signal: AbortSignal): Promise<readonly Found[]> => {
    const resourceArn = arnOf(wire);
    try {
      const { tags = {} } = await session.call('logs:ListTagsForResource', resourceArn, { resourceArn }, signal);
      return [{ wire, tags }];
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  };
  const remove = async (anomalyDetectorArn: string, signal: AbortSignal): Promise<void> => {
    try {
      await session.call('logs:DeleteLogAnomalyDetector', anomalyDetectorArn, { anomalyDetectorArn }, signal);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  };

  return {
    async observe({ name }, marks, signal) {
      const { logGroup, own } = splitOnGroup(name);
      const listed = (await list(session, groupARN(session, logGroup), signal)).filter(
        (one) => one.detectorName === own,
      );
      const found: readonly Found[] =
        marks === 'Always'
          ? (await Promise.all(listed.map((wire) => withTags(wire, signal)))).flat()
          : listed.map((wire) => ({ wire, tags: undefined }));
      const all = found.toSorted((a, b) => (arnOf(a.wire) < arnOf(b.wire) ? -1 : 1));
      const ours = all.filter(({ tags }) => tags === undefined || isMarkOf(markOfTags(tags), session.owner));
      const [kept = all[0], ...twins] = ours;
      if (kept === undefined) return session.absent({ kind: 'LogAnomalyDetector', name });
      return observed(
        name,
        kept,
        twins.map(({ wire }) => arnOf(wire)),
      );
    },
    diff,
    async apply(desired, now, signal) {
      const { name } = desired;
      for (const twin of twinsOf(now)) await remove(twin, signal);
      const id = now?.id;
      if (now === undefined || id === undefined) {
        const { anomalyDetectorArn } = await session.call(
          'logs:CreateLogAnomalyDetector',
          name,
          creation(desired, session),
          signal,
        );
        session.created({ kind: 'LogAnomalyDetector', name });
        return {
          kind: 'LogAnomalyDetector',
          name,
          ...(anomalyDetectorArn !== undefined && { id: anomalyDetectorArn }),
        };
      }
      const changed = new Set(diff(desired, now).map(({ path }) => path.split('.')[0]));
      // First, so that a crash leaves one that the next pass knows for ours.
      if (changed.has('tags')) {
        await session.call('logs:TagResource', id, { resourceArn: id, tags: { ...desired.tags } }, signal);
      }
      if (['evaluationFrequency', 'filterPattern', 'visibilityDays', 'enabled'].some((path) => changed.has(path))) {
        const input = { anomalyDetectorArn: id, enabled: desired.enabled, ...settings(desired) };
        await session.call('logs:UpdateLogAnomalyDetector', id, input, signal);
      }
      return { kind: 'LogAnomalyDetector', name, id };
    },
    async delete({ name }, now, signal) {
      for (const one of [...(now.id === undefined ? [] : [now.id]), ...twinsOf(now)]) await remove(one, signal);
      session.deleted({ kind: 'LogAnomalyDetector', name });
    },
    async find(owner, signal) {
      const all = await list(session, undefined, signal);
      const derived = namePrefixes(owner).path.replace(/\/$/, '');
      return all
        .filter(({ detectorName }) => detectorName === derived)
        .map((one): ResourceRef<'LogAnomalyDetector'> => {
          const [group = ''] = one.logGroupArnList ?? [];
          const name = onGroup(group.split(':log-group:')[1] ?? '', derived);
          return { kind: 'LogAnomalyDetector', name, id: arnOf(one) };
        });
    },
  };
}

/** All of a log group, or of the Region. A log group that is missing has none. */
async function list(
  session: Session,
  filterLogGroupArn: string | undefined,
  signal: AbortSignal,
): Promise<readonly AnomalyDetector[]> {
  const of = filterLogGroupArn === undefined ? {} : { filterLogGroupArn };
  try {
    return await allPages(async (nextToken) => {
      const input = { ...of, limit: PAGE, nextToken };
      const page = await session.call('logs:ListLogAnomalyDetectors', '*', input, signal);
      return { items: page.anomalyDetectors, next: page.nextToken };
    });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function creation(desired: LogAnomalyDetector, session: Session) {
  const { logGroup, own: detectorName } = splitOnGroup(desired.name);
  const tags = { ...desired.tags };
  return { logGroupArnList: [groupARN(session, logGroup)], detectorName, ...settings(desired), tags };
}

/** An update replaces all of them: what it leaves out goes back to AWS's default. */
function settings({ evaluationFrequency, filterPattern, visibilityDays }: LogAnomalyDetector) {
  return {
    // The plan writes AWS's words only; an older operator keeps what a newer AWS knows.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    evaluationFrequency: evaluationFrequency as EvaluationFrequency,
    ...(filterPattern !== '' && { filterPattern }),
    anomalyVisibilityTime: visibilityDays,
  };
}

function diff(desired: LogAnomalyDetector, now: Observed<'LogAnomalyDetector'>): readonly Change[] {
  const { evaluationFrequency, filterPattern, visibilityDays, enabled, tags } = desired;
  return [
    ...declaredDifferences(now.resource, { evaluationFrequency, filterPattern, visibilityDays, enabled }),
    ...(now.mark.state === 'Unread' ? [] : tagDifferences(now.resource.tags, tags)),
    ...differences('copies', twinsOf(now).length, 0),
  ];
}

function observed(name: string, { wire, tags }: Found, twins: readonly string[]): Observed<'LogAnomalyDetector'> {
  const raw: Raw = { twins };
  return {
    resource: {
      kind: 'LogAnomalyDetector',
      name,
      evaluationFrequency: wire.evaluationFrequency ?? '',
      filterPattern: wire.filterPattern ?? '',
      visibilityDays: wire.anomalyVisibilityTime ?? 0,
      // Listed ones have no `enabled`: what is switched off is PAUSED.
      enabled: wire.anomalyDetectorStatus !== 'PAUSED',
      tags: tags ?? {},
    },
    id: arnOf(wire),
    arn: arnOf(wire),
    mark: tags === undefined ? { state: 'Unread' } : markOfTags(tags),
    raw,
  };
}

function groupARN({ place }: Session, logGroup: string): string {
  return `arn:${place.partition}:logs:${place.region}:${place.accountID}:log-group:${logGroup}`;
}

function arnOf({ anomalyDetectorArn = '' }: AnomalyDetector): string {
  return anomalyDetectorArn;
}

function twinsOf(now: Observed<'LogAnomalyDetector'> | undefined): readonly string[] {
  const raw = now?.raw;
  // It was made in `observed`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return typeof raw === 'object' && raw !== null ? (raw as Raw).twins : [];
}
