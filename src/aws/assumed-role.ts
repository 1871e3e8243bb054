import type { Credentials as StsCredentials } from '@aws-sdk/client-sts';
import { Stalled } from '#src/domain/failure.ts';
import type { Clock } from '#src/reconcile/ports.ts';
import { classify, messageOf } from './errors.ts';
import { assumeTrust } from './permission.ts';

/** Temporary credentials of a role, and who they make us. */
export interface AssumedRole {
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Wall milliseconds. */
  readonly expiresAt: number;
}

/** Which role is asked for, and how. */
export interface RoleRequest {
  readonly roleARN: string;
  readonly externalID: string | undefined;
  readonly sessionName: string;
}

/** New ones are fetched this long before the old ones expire; until then the old ones serve if STS is down. */
const REFRESH_BEFORE_MS = 5 * 60_000;

/**
 * Answers a role's credentials, from memory while they last. Callers at one time share one AssumeRole.
 * Throws what `assume` throws.
 */
export function createAssumedRole(clock: Clock, assume: () => Promise<AssumedRole>): () => Promise<AssumedRole> {
  let current: AssumedRole | undefined;
  let underWay: Promise<AssumedRole> | undefined;

  const renew = async () => {
    try {
      current = await assume();
      return current;
    } catch (error) {
      if (current !== undefined && clock.now() < current.expiresAt && classify(error) !== 'Denied') return current;
      throw error;
    } finally {
      underWay = undefined;
    }
  };

  return () => {
    if (current !== undefined && clock.now() < current.expiresAt - REFRESH_BEFORE_MS) return Promise.resolve(current);
    underWay ??= renew();
    return underWay;
  };
}

/** What AssumeRole answered. Throws if AWS left something out. */
export function assumedRole(credentials: StsCredentials | undefined, arn: string | undefined): AssumedRole {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration || !arn) {
    throw new Error('sts:AssumeRole answered without credentials');
  }
  return {
    arn,
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiresAt: Expiration.getTime(),
  };
}

/** STS does not say why it refuses: no such role, no trust, another ExternalId, or no permission of ours. */
export function assumeRoleDenied(error: unknown, request: RoleRequest, caller: string): Stalled {
  const { roleARN, externalID } = request;
  return new Stalled(
    'AssumeRoleDenied',
    `STS refuses role ${roleARN}. Its trust policy needs: ${assumeTrust(caller, externalID)}; and ${caller} needs sts:AssumeRole on it (AWS: ${messageOf(error)})`,
    { cause: error },
  );
}

/** `bmon-<cluster>-<namespace>`, cut to AWS's 64: CloudTrail shows who did it. */
export function sessionName(cluster: string, namespace: string | undefined): string {
  return ['bmon', cluster, ...(namespace === undefined ? [] : [namespace])].join('-').slice(0, 64);
}
