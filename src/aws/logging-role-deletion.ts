import { Stalled } from '#src/domain/failure.ts';
import { isAbsent } from './errors.ts';
import type { Session } from './session.ts';

/** The inline policy that is ours; others beside it are not looked at. */
export const POLICY_NAME = 'BedrockMonitorDelivery';

/**
 * Deletes the role: its inline policy first, or AWS answers DeleteConflict. One that others gave further policies is
 * not theirs to lose: it stays whole. After a crash between the two calls the next one goes on; absent is success.
 */
export async function deleteRole(session: Session, name: string, arn: string, signal: AbortSignal): Promise<void> {
  const RoleName = name;
  try {
    const others = await policiesOfOthers(session, name, arn, signal);
    if (others.length > 0) throw inUse(name, others);
    await unlessAbsent(session.call('iam:DeleteRolePolicy', arn, { RoleName, PolicyName: POLICY_NAME }, signal));
    await session.call('iam:DeleteRole', arn, { RoleName }, signal);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  session.deleted({ kind: 'LoggingRole', name });
}

async function policiesOfOthers(
  session: Session,
  RoleName: string,
  arn: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { PolicyNames = [] } = await session.call('iam:ListRolePolicies', arn, { RoleName }, signal);
  const { AttachedPolicies = [] } = await session.call('iam:ListAttachedRolePolicies', arn, { RoleName }, signal);
  const attached = AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn);
  return [...PolicyNames.filter((name) => name !== POLICY_NAME), ...attached];
}

async function unlessAbsent(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

function inUse(name: string, policies: readonly string[]): Stalled {
  return new Stalled(
    'RejectedByAWS',
    `role ${name} is not deleted: others gave it policies (${policies.join(', ')}), and AWS deletes no role that has any. Take them from it, or set deletionPolicy.invocationLogging: Retain`,
  );
}
