import type { Session } from './session.ts';

/** It changes seldom, and says nothing that the operator acts on. */
const ASKED_EVERY_MS = 3_600_000;

/**
 * The name of the masking policy of the whole account: it masks beside that of a log group, and is nobody's here. To be
 * asked for only where a log group says that it inherits one. What may not be read is not known, and holds nothing up.
 */
export async function accountMaskingName(session: Session, signal: AbortSignal): Promise<string | undefined> {
  const { logs, clock } = session;
  const now = clock.monotonic();
  if (logs.accountMasking === undefined || now - logs.accountMasking.atMs >= ASKED_EVERY_MS) {
    logs.accountMasking = { atMs: now, name: await read(session, signal) };
  }
  return logs.accountMasking.name;
}

async function read(session: Session, signal: AbortSignal): Promise<string | undefined> {
  try {
    const input = { policyType: 'DATA_PROTECTION_POLICY' } as const;
    const { accountPolicies = [] } = await session.call('logs:DescribeAccountPolicies', '*', input, signal);
    return accountPolicies[0]?.policyName;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
