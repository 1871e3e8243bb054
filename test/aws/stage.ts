import type { CloudOptions } from '#src/aws/handlers.ts';
import { createCloud } from '#src/aws/handlers.ts';
import type { Owner, Place } from '#src/domain/owner.ts';
import { declaredTags } from '#src/domain/plan/tags.ts';
import type { Tags } from '#src/domain/resource.ts';
import type { Aws, AwsOptions, SimulatedAccount } from '#src/playground/aws/simulator.ts';
import { createAws } from '#src/playground/aws/simulator.ts';
import type { Region } from '#src/playground/aws/state.ts';
import type { Cloud, Handlers, Lane, Target } from '#src/reconcile/ports.ts';
import type { FakeClock } from '#test/support/fake-clock.ts';
import { fakeClock } from '#test/support/fake-clock.ts';

export const accountID = '111122223333';
export const region = 'us-east-1';
export const place: Place = { accountID, region, partition: 'aws' };
export const owner: Owner = { cluster: 'prod', namespace: 'genai', name: 'production', uid: 'b2f6a8de-uid' };
export const tags: Tags = declaredTags(owner, { team: 'search' });
/** The tag by which somebody gives a resource to the owner above. */
export const givenAway: Tags = { 'bedrockmonitor.io/adopt-by': `${owner.namespace}/${owner.name}` };
export const { signal } = new AbortController();

/** One simulated AWS, and the operator's AWS side in front of it, in fake time. */
export interface Stage {
  readonly clock: FakeClock;
  readonly aws: Aws;
  readonly account: SimulatedAccount;
  /** The state of the Region, to seed and to look at. */
  readonly region: Region;
  /** A new process: it remembers nothing. */
  cloud(options?: Partial<CloudOptions>): Cloud;
  /** `inventory`: what the monitor owns by its status, as `kind/name`. */
  handlers(cloud?: Cloud, as?: Owner, lane?: Lane, inventory?: ReadonlySet<string>): Handlers;
  /** Awaits work, moving time on whenever nothing but time can help. */
  run<T>(work: Promise<T>): Promise<T>;
  /** What the work rejects with. */
  failure(work: Promise<unknown>): Promise<unknown>;
  /** Lets lagging reads catch up. */
  settle(): Promise<void>;
}

export function stage(options: Omit<AwsOptions, 'clock'> = {}): Stage {
  const clock = fakeClock();
  const aws = createAws({ clock, ...options });
  const account = aws.account(accountID);
  const credentials = account.credentials();
  const cloud = (more: Partial<CloudOptions> = {}) =>
    createCloud({
      clock,
      cluster: owner.cluster,
      random: () => 0.5,
      requestHandler: aws.requestHandler,
      credentials,
      ...more,
    });
  const identity = { accountID, arn: `arn:aws:iam::${accountID}:user/operator`, partition: 'aws' };
  const target: Target = { region };
  const run = async <T>(work: Promise<T>): Promise<T> => {
    const progress = { settled: false };
    const watched = work.finally(() => {
      progress.settled = true;
    });
    // Its failure is the caller's, below.
    watched.catch(() => undefined);
    while (!progress.settled) {
      await clock.flush();
      if (!progress.settled && clock.untilNext !== undefined) await clock.advance(clock.untilNext);
    }
    return watched;
  };
  return {
    clock,
    aws,
    account,
    region: account.region(region),
    cloud,
    handlers: (of = cloud(), as = owner, lane = 'Edit', inventory) =>
      of.handlers(target, identity, as, lane, inventory),
    run,
    failure: (work) =>
      run(
        work.then(
          () => {
            throw new Error('it succeeded');
          },
          (error: unknown) => error,
        ),
      ),
    settle: () => clock.advance(2_000),
  };
}

/** The operations that wrote, or tried to. */
export function written(aws: Aws): readonly string[] {
  return aws.writes().map(({ operation }) => operation);
}
