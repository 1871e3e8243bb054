import { check, integer, required, string } from './constraints.ts';
import { AwsError } from './errors.ts';
import { trusts } from './iam.ts';
import { number, text } from './members.ts';
import type { Operation, Scope } from './operation.ts';

const getCallerIdentity: Operation = {
  service: 'sts',
  name: 'GetCallerIdentity',
  mutates: false,
  // AWS asks for no permission, and an explicit deny does not help.
  permissions: () => [],
  run: (_input, scope) => ({
    Arn: scope.caller.arn,
    UserId: scope.caller.userID,
    Account: scope.caller.accountID,
  }),
};

const assumeRole: Operation = {
  service: 'sts',
  name: 'AssumeRole',
  mutates: false,
  permissions: (input) => [{ action: 'sts:AssumeRole', resource: text(input, 'RoleArn') ?? '' }],
  run(input, scope) {
    check(
      input,
      {
        RoleArn: required(string(20, 2048)),
        RoleSessionName: required(string(2, 64, /^[\w+=,.@-]*$/)),
        ExternalId: string(2, 1224, /^[\w+=,.@:/-]*$/),
        DurationSeconds: integer(900, 43_200),
      },
      (message) => new AwsError('ValidationError', message),
    );
    const roleARN = text(input, 'RoleArn') ?? '';
    const session = text(input, 'RoleSessionName') ?? '';
    const externalID = text(input, 'ExternalId');
    const [, , , , accountID] = roleARN.split(':');
    const role = [...(scope.world.accounts.get(accountID ?? '')?.roles.values() ?? [])].find(
      (one) => one.arn === roleARN,
    );
    // A role that is not there, or not yet, or that does not trust the caller: one and the same answer.
    if (
      !role ||
      !scope.propagated(role.changedAt) ||
      !trusts(role, scope.caller.principal, externalID === undefined ? {} : { 'sts:ExternalId': externalID })
    ) {
      throw new AwsError(
        'AccessDenied',
        `User: ${scope.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleARN}`,
        { status: 403 },
      );
    }
    const seconds = number(input, 'DurationSeconds') ?? 3600;
    if (seconds > role.maxSessionSeconds) {
      throw new AwsError(
        'ValidationError',
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      );
    }
    return issue(role.name, roleARN, accountID ?? '', session, seconds, scope);
  },
};

export const stsOperations: readonly Operation[] = [getCallerIdentity, assumeRole];

function issue(roleName: string, roleARN: string, accountID: string, session: string, seconds: number, scope: Scope) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const draw = (length: number) => Array.from({ length }, () => letters[scope.random(letters.length)]).join('');
  const partition = roleARN.split(':')[1] ?? 'aws';
  const arn = `arn:${partition}:sts::${accountID}:assumed-role/${roleName}/${session}`;
  const userID = `AROA${roleName
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .padEnd(16, 'X')
    .slice(0, 16)}:${session}`;
  const accessKeyId = `ASIA${draw(16)}`;
  const sessionToken = draw(64);
  const expiresAt = scope.now + seconds * 1000;
  scope.world.credentials.set(accessKeyId, { accountID, arn, principal: roleARN, userID, sessionToken, expiresAt });
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: draw(40),
      SessionToken: sessionToken,
      Expiration: new Date(expiresAt).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: userID, Arn: arn },
  };
}
