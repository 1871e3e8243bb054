import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { destinationOf } from '#src/domain/masking.ts';
import { policyName } from '#src/domain/names.ts';
import type { Change, DataProtectionPolicy, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { accountMaskingName } from './account-masking.ts';
import { pause } from './clock.ts';
import { isAbsent, isRefusal, messageOf } from './errors.ts';
import { meaningOf, parseDocument, withoutFindings } from './policy-document.ts';
import type { Session } from './session.ts';
import { declaredDifferences, differences } from './structural-diff.ts';

/** After a Put the policy is read until it is in force, so often and so long apart; then it is for the next pass. */
const READ_BACK_MS: readonly number[] = [0, 500, 1000, 2000];

/**
 * The masking policy of a log group. Its mark is the document's Name. What AWS shows of masked events once the policy
 * is gone is not documented, so whoever asks for its deletion has read that the spec says so, and that no logging
 * configuration names the group.
 */
export function dataProtectionPolicies(session: Session): ResourceHandler<'DataProtectionPolicy'> {
  const observe = async (name: string, signal: AbortSignal): Promise<Observed<'DataProtectionPolicy'> | undefined> => {
    const ref = { kind: 'DataProtectionPolicy', name } as const;
    const [policy, group] = await Promise.all([
      readPolicy(session, name, signal),
      session.shared.logGroup(name, signal),
    ]);
    if (policy === undefined) return session.absent(ref);
    // AWS keeps documents that are not JSON objects from being put; one all the same is nobody's.
    const document = parseDocument(policy) ?? {};
    const by = document['Name'];
    const status = group?.dataProtectionStatus;
    const inherits = group?.inheritedProperties?.includes('ACCOUNT_DATA_PROTECTION') === true;
    const accountPolicyName = inherits ? await accountMaskingName(session, signal) : undefined;
    return {
      resource: {
        ...ref,
        document,
        ...(status !== undefined && { status }),
        ...(accountPolicyName !== undefined && { accountPolicyName }),
      },
      mark: typeof by === 'string' ? { state: 'Owned', by } : { state: 'None' },
    };
  };

  return {
    observe: (ref, _marks, signal) => observe(ref.name, signal),
    diff,
    /**
     * Masks before all else: a findings destination that AWS refuses costs the findings, not the masking. Then
     * Stalled `FindingsDestinationNotUsable` is thrown although the policy is in force.
     */
    async apply(desired, now, signal) {
      const ref = { kind: 'DataProtectionPolicy', name: desired.name } as const;
      const refused = await put(session, desired, now, signal);
      if (now === undefined) session.created(ref);
      await readBack(session, observe, refused === undefined ? desired : masksOnly(desired), signal);
      if (refused !== undefined) throw refused;
      return ref;
    },
    async delete({ name }, now, signal) {
      if (!isOurs(now, session))
        throw new Error(`the masking policy of log group ${name} stays: it does not carry the mark of this monitor`);
      try {
        await session.call('logs:DeleteDataProtectionPolicy', name, { logGroupIdentifier: name }, signal);
      } catch (error) {
        // The policy, or the log group with it.
        if (!isAbsent(error)) throw error;
      }
      session.deleted({ kind: 'DataProtectionPolicy', name });
      await inTime(
        session,
        `the masking policy of log group ${name} was deleted, and AWS still shows it`,
        signal,
        async () => {
          return (await readPolicy(session, name, signal)) === undefined;
        },
      );
    },
  };
}

async function readPolicy(session: Session, name: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { policyDocument } = await session.call(
      'logs:GetDataProtectionPolicy',
      name,
      { logGroupIdentifier: name },
      signal,
    );
    return policyDocument;
  } catch (error) {
    // The log group itself is missing.
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Answers the trouble of the findings destination, if that is what AWS refused and the policy is in force without it. */
async function put(
  session: Session,
  desired: DataProtectionPolicy,
  now: Observed<'DataProtectionPolicy'> | undefined,
  signal: AbortSignal,
): Promise<Stalled | undefined> {
  try {
    await putDocument(session, desired.name, desired.document, signal);
    return undefined;
  } catch (error) {
    const destination = destinationOf(desired.document);
    const known = knownFailure(error, desired.name);
    if (known !== undefined) throw known;
    if (isEmpty(destination) || !isRefusal(error)) throw error;
    // Being adopted: somebody's findings are not cut off by a policy that delivers none.
    if (now !== undefined && !isOurs(now, session) && !isEmpty(destinationOf(now.resource.document)))
      throw findingsNotUsable(error, `log group ${desired.name} keeps the masking policy that it has`, destination);
    // A refused Put changes nothing: what masks already without findings is not put again.
    const plain = masksOnly(desired);
    if (now === undefined || diff(plain, now).length > 0)
      await putDocument(session, desired.name, plain.document, signal);
    const masked = `the masking policy of log group ${desired.name} is in force, but its findings are delivered nowhere`;
    return findingsNotUsable(error, masked, destination);
  }
}

async function putDocument(session: Session, name: string, document: JsonObject, signal: AbortSignal): Promise<void> {
  const input = { logGroupIdentifier: name, policyDocument: JSON.stringify(document) };
  try {
    await session.call('logs:PutDataProtectionPolicy', name, input, signal);
  } catch (error) {
    throw knownFailure(error, name) ?? error;
  }
}

async function readBack(
  session: Session,
  observe: (name: string, signal: AbortSignal) => Promise<Observed<'DataProtectionPolicy'> | undefined>,
  desired: DataProtectionPolicy,
  signal: AbortSignal,
): Promise<void> {
  const late = `the masking policy of log group ${desired.name} was put, and AWS does not show it in force yet`;
  await inTime(session, late, signal, async () => {
    const now = await observe(desired.name, signal).catch((error: unknown) => {
      if (error instanceof Waiting && error.reason === 'Propagating') return undefined;
      throw error;
    });
    return now !== undefined && diff(desired, now).length === 0;
  });
}

/** Looks a few times whether AWS shows what was done; else Waiting `Propagating`, and the next pass looks again. */
async function inTime(
  session: Session,
  late: string,
  signal: AbortSignal,
  isShown: () => Promise<boolean>,
): Promise<void> {
  for (const ms of READ_BACK_MS) {
    if (ms > 0) await pause(session.clock, ms, signal);
    if (await isShown()) return;
  }
  throw new Waiting('Propagating', late);
}

function diff(desired: DataProtectionPolicy, { resource }: Observed<'DataProtectionPolicy'>): readonly Change[] {
  return [
    ...declaredDifferences(meaningOf(resource.document), meaningOf(desired.document)),
    ...differences('status', resource.status, 'ACTIVATED'),
  ];
}

function masksOnly(policy: DataProtectionPolicy): DataProtectionPolicy {
  return { ...policy, document: withoutFindings(policy.document) };
}

function knownFailure(error: unknown, name: string): Waiting | Stalled | undefined {
  if (error instanceof Stalled && error.reason === 'UnknownIdentifier') return error;
  const said = messageOf(error);
  if (/is not a valid data identifier/i.test(said)) {
    return new Stalled(
      'UnknownIdentifier',
      `the masking policy of log group ${name}: ${said}. Remove or correct the identifier`,
      {
        cause: error,
      },
    );
  }
  return undefined;
}

function isOurs({ mark }: Observed<'DataProtectionPolicy'>, { owner, place }: Session): boolean {
  return mark.state === 'Owned' && mark.by === policyName(owner, place);
}

function isEmpty(destination: JsonObject): boolean {
  return Object.keys(destination).length === 0;
}

function findingsNotUsable(error: unknown, state: string, destination: JsonObject): Stalled {
  return new Stalled(
    'FindingsDestinationNotUsable',
    `${state}: AWS refuses ${JSON.stringify(destination)} (${messageOf(error)}). The destination must exist, and the operator's role needs logs:CreateLogDelivery and, for a log group, logs:PutResourcePolicy and logs:DescribeResourcePolicies; for a bucket, s3:GetBucketPolicy and s3:PutBucketPolicy; for a stream, firehose:TagDeliveryStream`,
    { cause: error },
  );
}
