import { logGroupOf } from '#src/domain/logging-configuration.ts';
import type { Region } from '#src/playground/aws/state.ts';
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
 * Watches every call for the one thing that may never be: logging on, by a configuration that we wrote, into a group
 * without the masking that is declared for it. Foreign configurations are the test's to exclude.
 */
export function watchMasking(
  world: World,
  isOurs: (region: Region) => boolean = () => true,
): { readonly breaches: readonly string[] } {
  const breaches: string[] = [];
  const region = world.aws.account(ACCOUNT).region(REGION);
  world.aws.onCall((call, phase) => {
    if (phase !== 'After') return;
    const name = logGroupOf(region.invocationLogging.configuration);
    if (name === undefined || !isOurs(region)) return;
    const group = region.logGroups.get(name);
    if (group !== undefined && (group.dataProtection === undefined || group.dataProtectionStatus !== 'ACTIVATED')) {
      breaches.push(`after ${call.service} ${call.operation}: logging goes to ${name} without masking`);
    }
  });
  return { breaches };
}
