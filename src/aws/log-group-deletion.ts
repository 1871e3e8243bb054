import { Waiting } from '#src/domain/failure.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { Observed } from '#src/domain/resource.ts';
import { classify, isAbsent, messageOf } from './errors.ts';
import type { Session } from './session.ts';

/**
 * Lifts AWS's deletion protection and deletes the group with all its data. After a crash between the two the next call
 * goes on. A group that is not there is success; one that does not carry our mark is refused.
 */
export async function deleteLogGroup(
  session: Session,
  name: string,
  arn: string,
  { mark, resource }: Observed<'LogGroup'>,
  signal: AbortSignal,
): Promise<void> {
  if (mark.state !== 'Owned' || mark.by !== ownerMark(session.owner))
    throw new Error(`log group ${name} stays: it does not carry the mark of this monitor`);
  try {
    if (resource.deletionProtection === 'Enabled') await setDeletionProtection(session, name, arn, false, signal);
    await session.call('logs:DeleteLogGroup', arn, { logGroupName: name }, signal);
  } catch (error) {
    if (isProtected(error)) {
      // The read that said otherwise lagged behind, or what was lifted has not reached all of AWS.
      await setDeletionProtection(session, name, arn, false, signal);
      const message = `log group ${name} was protected from deletion until now; its deletion is tried again`;
      throw new Waiting('ConcurrentChange', message, { retryAfterMs: 2_000, cause: error });
    }
    if (!isAbsent(error)) throw error;
  }
  // Its masking policy goes with it.
  for (const kind of ['LogGroup', 'DataProtectionPolicy'] as const) session.deleted({ kind, name });
}

/** Switches AWS's own protection from deletion on or off. */
export async function setDeletionProtection(
  session: Session,
  name: string,
  arn: string,
  deletionProtectionEnabled: boolean,
  signal: AbortSignal,
): Promise<void> {
  const input = { logGroupIdentifier: name, deletionProtectionEnabled };
  await session.call('logs:PutLogGroupDeletionProtection', arn, input, signal);
}

/** DeleteLogGroup's ValidationException: "Cannot delete log group with deletion protection enabled. …". */
function isProtected(error: unknown): boolean {
  return classify(error) === 'Rejected' && /deletion protection/i.test(messageOf(error));
}
