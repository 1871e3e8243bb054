import { logGroupOf } from '#src/domain/logging-configuration.ts';
import type { World } from './world.ts';
import { ACCOUNT, REGION } from './world.ts';

/** The process is gone: nothing it does reaches the world any more. */
class Crash extends Error {
  override readonly name = 'Crash';
}

export interface CrashPoint {
  /** External calls seen, AWS and Kubernetes together. */
  readonly seen: number;
  readonly crashed: boolean;
  /** Ends the interference. */
  stop(): void;
}

/**
 * Kills the process before its `at`-th external call (1 is the first): that call and all later ones do not happen.
 * Dying before call k + 1 is dying after call k, so one sweep over all k covers both sides of every call.
 */
export function crashBefore(world: World, at: number): CrashPoint {
  let seen = 0;
  let crashed = false;
  const arrive = () => {
    if (!crashed) seen += 1;
    if (seen >= at) crashed = true;
    if (crashed) throw new Crash(`before external call ${at}`);
  };
  world.tap = { observe: (_, when) => (when === 'before' ? arrive() : undefined) };
  const stopAws = world.aws.onCall((_, phase) => (phase === 'Before' ? arrive() : undefined));
  return {
    get seen() {
      return seen;
    },
    get crashed() {
      return crashed;
    },
    stop() {
      world.tap = undefined;
      stopAws();
    },
  };
}

/**
 * Watches for the one thing that may never be: that we make logging go to a group without the masking that is declared
 * for it, be it by pointing logging at the group or by making the group that logging points at.
 */
export function watchMasking(
  world: World,
  isDeclared: () => boolean = () => true,
): { readonly breaches: readonly string[] } {
  const breaches: string[] = [];
  const region = world.aws.account(ACCOUNT).region(REGION);
  let found = region.invocationLogging.configuration;
  world.aws.onCall(({ operation, input }, phase) => {
    const put = operation === 'PutModelInvocationLoggingConfiguration';
    if (phase !== 'After') {
      if (put) found = region.invocationLogging.configuration;
      return;
    }
    if (!isDeclared()) return;
    const name = logGroupOf(region.invocationLogging.configuration);
    const born = operation === 'CreateLogGroup' && input['logGroupName'] === name;
    // One that is refused leaves what was there, which an earlier spec without masking may have written.
    if (!(put && found !== region.invocationLogging.configuration) && !born) return;
    const group = name === undefined ? undefined : region.logGroups.get(name);
    if (group !== undefined && (group.dataProtection === undefined || group.dataProtectionStatus !== 'ACTIVATED')) {
      breaches.push(`after ${operation}: logging goes to ${name} without masking`);
    }
  });
  return { breaches };
}
