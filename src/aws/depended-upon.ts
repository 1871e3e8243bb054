import { Stalled, Waiting } from '#src/domain/failure.ts';
import { classify, messageOf } from './errors.ts';
import { PROPAGATION_MS } from './first-refusal.ts';
import type { Session } from './session.ts';

/** Whether AWS refused to delete alarms because a composite alarm names one of them. */
export function isDependedUpon(error: unknown): boolean {
  return classify(error) === 'Rejected' && /composite alarm\(s\) depending/.test(messageOf(error));
}

/** What that means: patience, while composites of this monitor let go of it; after that somebody else's names it. */
export function heldByComposite({ place, refusals }: Session, name: string): Waiting | Stalled {
  const message = `alarm ${name} stays in AWS as long as a composite alarm names it`;
  const ageMs = refusals.refused(`${place.accountID}/${place.region}/DependedUpon/${name}`);
  if (ageMs < PROPAGATION_MS) return new Waiting('DependencyNotReady', message, { retryAfterMs: 2_000 });
  return new Stalled(
    'RejectedByAWS',
    `${message}: take it out of the rule of that composite, or delete that one in AWS`,
  );
}

/** It went after all. */
export function letGoByComposite({ place, refusals }: Session, name: string): void {
  refusals.allowed(`${place.accountID}/${place.region}/DependedUpon/${name}`);
}
