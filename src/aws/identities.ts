import { Stalled } from '#src/domain/failure.ts';
import type { Identity, Target } from '#src/reconcile/ports.ts';
import type { AssumedRole } from './assumed-role.ts';
import { assumedRole, assumeRoleDenied, createAssumedRole, sessionName } from './assumed-role.ts';
import type { Clients, Credentials } from './clients.ts';
import type { Clock } from './clock.ts';
import { classify } from './errors.ts';
import type { Caller, Gateway } from './gateway.ts';
import { principalOf } from './permission.ts';

/** As whom calls are made, per target: the operator itself or a role that it assumes. */
export interface Identities {
  /** Throws Stalled `CredentialsUnavailable`, `AssumeRoleDenied` or `RegionUnavailable`. */
  identity(target: Target, signal: AbortSignal): Promise<Identity>;
  /** For SDK clients. */
  credentials(target: Target): Credentials;
  /** Targets of one key are one identity. */
  key(target: Target): string;
}

/** What identities are made of. */
export interface IdentitiesOptions {
  readonly cluster: string;
  readonly clock: Clock;
  readonly gateway: Gateway;
  /** Clients with the operator's own credentials. */
  readonly ownClients: (region: string) => Clients;
  readonly ownCredentials: Credentials;
}

/** One for the process: credentials are fetched once per role, ExternalId and namespace, and renewed before they expire. */
export function createIdentities(options: IdentitiesOptions): Identities {
  const { cluster, clock, gateway, ownClients, ownCredentials } = options;
  const roles = new Map<string, () => Promise<AssumedRole>>();
  let own: Promise<Identity> | undefined;

  const callerIn = (region: string): Caller => ({
    clients: ownClients(region),
    accountID: undefined,
    region,
    lane: 'Edit',
    monitor: '',
  });

  const ownIdentity = (region: string, signal: AbortSignal): Promise<Identity> => {
    own ??= gateway
      .call(callerIn(region), 'sts:GetCallerIdentity', '*', {}, signal)
      .then(({ Arn = '' }) => identityOf(Arn));
    // One for the whole life of the process, unless it failed.
    own.catch(() => {
      own = undefined;
    });
    return own;
  };

  const assume = async (target: Target & { readonly roleARN: string }): Promise<AssumedRole> => {
    const { roleARN, externalID, region } = target;
    const request = { roleARN, externalID, sessionName: sessionName(cluster, target.namespace) };
    // Shared by all who wait for these credentials, so no one pass's end is its end; the attempts are bounded.
    const { signal } = new AbortController();
    const input = {
      RoleArn: roleARN,
      RoleSessionName: request.sessionName,
      ...(externalID !== undefined && { ExternalId: externalID }),
    };
    try {
      const { Credentials: credentials, AssumedRoleUser: user } = await gateway.call(
        callerIn(region),
        'sts:AssumeRole',
        roleARN,
        input,
        signal,
      );
      return assumedRole(credentials, user?.Arn);
    } catch (error) {
      if (classify(error) !== 'Denied') throw error;
      const caller = await ownIdentity(region, signal).then(
        ({ arn }) => principalOf(arn),
        () => "the operator's role",
      );
      throw assumeRoleDenied(error, request, caller);
    }
  };

  const key = ({ roleARN, externalID, namespace }: Target): string =>
    roleARN === undefined ? '' : JSON.stringify([roleARN, externalID, namespace]);

  const roleFor = (target: Target & { readonly roleARN: string }): (() => Promise<AssumedRole>) => {
    const known = roles.get(key(target));
    if (known !== undefined) return known;
    const role = createAssumedRole(clock, () => assume(target));
    roles.set(key(target), role);
    return role;
  };

  return {
    key,
    async identity(target, signal) {
      const { roleARN } = target;
      if (roleARN === undefined) return ownIdentity(target.region, signal);
      const { arn } = await roleFor({ ...target, roleARN })();
      return identityOf(arn);
    },
    credentials(target) {
      const { roleARN } = target;
      if (roleARN === undefined) return ownCredentials;
      const role = roleFor({ ...target, roleARN });
      return async () => {
        const { accessKeyId, secretAccessKey, sessionToken } = await role();
        // Expired from the SDK's point of view, which makes it ask again each time: when to renew is our clock's business.
        return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(0) };
      };
    },
  };
}

/** Account and partition stand in the caller's ARN. */
function identityOf(arn: string): Identity {
  const [, partition, , , accountID] = arn.split(':');
  if (!partition || !accountID) {
    throw new Stalled(
      'CredentialsUnavailable',
      `sts:GetCallerIdentity answered ${arn || 'nothing'}, which is no caller`,
    );
  }
  return { accountID, arn, partition };
}
