import { isAbsent } from './errors.ts';
import type { Session } from './session.ts';

/** The inline policy that is ours; others beside it are not looked at. */
export const POLICY_NAME = 'BedrockMonitorDelivery';

/**
 * Deletes the role: its inline policy first, or AWS answers DeleteConflict. One that others gave further policies is
 * used by them, too: it is `left` whole. After a crash between the two calls the next one goes on; absent is success.
 */
export async function deleteRole(
  session: Session,
  name: string,
  arn: string,
  signal: AbortSignal,
): Promise<'left' | undefined> {
  const RoleName = name;
  try {
    if (await hasPoliciesOfOthers(session, name, arn, signal)) return 'left';
    await unlessAbsent(session.call('iam:DeleteRolePolicy', arn, { RoleName, PolicyName: POLICY_NAME }, signal));
    await session.call('iam:DeleteRole', arn, { RoleName }, signal);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  session.deleted({ kind: 'LoggingRole', name });
  return undefined;
}

async function hasPoliciesOfOthers(
  session: Session,
  RoleName: string,
  arn: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { PolicyNames = [] } = await session.call('iam:ListRolePolicies', arn, { RoleName }, signal);
  const { AttachedPolicies = [] } = await session.call('iam:ListAttachedRolePolicies', arn, { RoleName }, signal);
  return AttachedPolicies.length > 0 || PolicyNames.some((name) => name !== POLICY_NAME);
}

async function unlessAbsent(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}
