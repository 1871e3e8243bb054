import { AwsError } from './errors.ts';
import { allowsAction, wild } from './iam.ts';
import type { Permission, Service } from './operation.ts';
import type { Account, Credential } from './state.ts';

/** An explicit deny that a test set. */
interface Denial {
  readonly account: string;
  /** May hold `*`. */
  readonly action: string;
  /** The ARN of a principal or of a resource, with `*`; absent: everybody, everything. */
  readonly principalOrResource: string | undefined;
}

export interface Authorization {
  deny(denial: Denial): () => void;
  allows(permission: Permission, caller: Credential, account: Account): boolean;
}

/** Everything is allowed but what is denied, and what an account's policies, if a test gave it any, leave out. */
export function createAuthorization(): Authorization {
  const denials = new Set<Denial>();
  const denied = (permission: Permission, caller: Credential) =>
    [...denials].some(
      (one) =>
        one.account === caller.accountID &&
        wild(one.action.toLowerCase(), permission.action.toLowerCase()) &&
        (one.principalOrResource === undefined ||
          [caller.arn, caller.principal, permission.resource].some((arn) => wild(one.principalOrResource ?? '', arn))),
    );
  return {
    deny(denial) {
      denials.add(denial);
      return () => void denials.delete(denial);
    },
    allows(permission, caller, account) {
      if (denied(permission, caller)) return false;
      if (account.policies === undefined) return true;
      return allowsAction(account.policies, permission.action, permission.resource, permission.context);
    },
  };
}

const codes: Partial<Record<Service, string>> = {
  sts: 'AccessDenied',
  iam: 'AccessDenied',
  s3: 'AccessDenied',
  sns: 'AuthorizationError',
};

/** AWS's sentence, in the code that each service uses. */
export function accessDenied(permission: Permission, caller: Credential, service: Service): AwsError {
  const message =
    `User: ${caller.arn} is not authorized to perform: ${permission.action} on resource: ${permission.resource} ` +
    `because no identity-based policy allows the ${permission.action} action`;
  const code = codes[service] ?? 'AccessDeniedException';
  return new AwsError(code, message, { status: service === 'logs' ? 400 : 403, queryCode: 'AccessDenied' });
}
