import type { Dependency } from '#src/domain/dependencies.ts';
import { dependenciesOf } from '#src/domain/dependencies.ts';
import type { Plan } from '#src/domain/plan.ts';
import type { Resource } from '#src/domain/resource.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { refKey } from '#src/domain/result.ts';
import { isWriting } from './act.ts';
import type { Looked } from './observe.ts';
import type { Pass } from './pass.ts';

/** Something that the spec stands on and that does not hold. */
export interface Obstacle {
  readonly dependency: Dependency;
  readonly trouble: Trouble;
}

/**
 * Looks at what the spec stands on before anything is written: at a new generation, and as long as the monitor is not
 * in sync; none at rest. `holdsLogging`: else role, buckets and keys are another monitor's business.
 */
export async function preflight(pass: Pass, plan: Plan, holdsLogging: boolean): Promise<readonly Obstacle[]> {
  if (!pass.fresh) return [];
  const dependencies = dependenciesOf(pass.monitor.spec, plan).filter(({ kind }) => holdsLogging || kind === 'Topic');
  const found = await Promise.all(
    dependencies.map(async (dependency) => ({
      dependency,
      trouble: await pass.preflight.check(dependency, pass.signal),
    })),
  );
  return found.flatMap(({ dependency, trouble }) => (trouble === undefined ? [] : [{ dependency, trouble }]));
}

const ofKey: ReadonlySet<Dependency['kind']> = new Set(['KMSKey', 'BucketKey']);

/** A log group or bucket is not made with, or given, a key that cannot be used; one that stands is gone on with. */
export function obstructed(looked: readonly Looked[], obstacles: readonly Obstacle[]): readonly Looked[] {
  return looked.map((one) => {
    const { resource } = one.planned;
    const key = obstacles.find(({ dependency }) => ofKey.has(dependency.kind) && isOn(resource, dependency));
    return key !== undefined && givesKey(one) ? { planned: one.planned, trouble: key.trouble } : one;
  });
}

/** What keeps the logging configuration from being put: the role, or a bucket. */
export function obstacleToLogging(obstacles: readonly Obstacle[]): Trouble | undefined {
  return obstacles.find(({ dependency: { kind } }) => kind === 'LoggingRole' || kind === 'Bucket')?.trouble;
}

/** What is in sync and stands on something that does not hold says so. */
export function withObstacles(
  results: readonly Result[],
  plan: Plan,
  obstacles: readonly Obstacle[],
): readonly Result[] {
  if (obstacles.length === 0) return results;
  const planned = new Map(plan.resources.map(({ resource }) => [refKey(resource), resource]));
  return results.map((result) => {
    const resource = planned.get(refKey(result.ref));
    if (resource === undefined || result.trouble !== undefined) return result;
    const under = obstacles.find(({ dependency }) => isOn(resource, dependency));
    return under === undefined ? result : { ...result, trouble: under.trouble };
  });
}

function isOn(resource: Resource, dependency: Dependency): boolean {
  switch (dependency.kind) {
    case 'KMSKey':
      return resource.kind === 'LogGroup' && resource.name === dependency.logGroup;
    case 'BucketKey':
      return resource.kind === 'LoggingBucket' && resource.name === dependency.bucket;
    case 'Topic':
      return (
        'alarmActions' in resource &&
        [resource.alarmActions, resource.okActions, resource.insufficientDataActions].some((actions) =>
          actions.includes(dependency.arn),
        )
      );
    default:
      return resource.kind === 'InvocationLogging';
  }
}

function givesKey(looked: Looked): boolean {
  if (!('decision' in looked) || !isWriting(looked.decision)) return false;
  return looked.decision.do === 'create' || looked.decision.changes.some(({ path }) => path === 'kmsKeyARN');
}
