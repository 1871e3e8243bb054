import type { EvaluationResult } from '@aws-sdk/client-iam';
import { deliveryActions, recordsStream, sourceARN } from '#src/domain/bedrock-access.ts';
import type { Dependency } from '#src/domain/dependencies.ts';
import type { Trouble } from '#src/domain/result.ts';
import { PROPAGATION_MS } from '../first-refusal.ts';
import { bedrockTrust, deliveryPermission } from '../permission.ts';
import { parseDocument } from '../policy-document.ts';
import type { Inspection } from './inspection.ts';
import { stalled } from './inspection.ts';
import { admits } from './policy-match.ts';

/** The role exists, trusts Bedrock, and may write to the log group. IAM itself is asked what its policies allow. */
export async function checkLoggingRole(
  inspection: Inspection,
  { arn, logGroup }: Dependency & { kind: 'LoggingRole' },
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const wrong = await faultOf(inspection, arn, logGroup, signal);
  if (wrong === undefined) return undefined;
  const { place, refusals } = inspection.session;
  const message = `Bedrock cannot write to log group ${logGroup} with role ${arn}: ${wrong}`;
  if (isForeign(arn, place.accountID)) return stalled('RoleNotUsable', message);
  // A role that was made or changed a minute ago may not be seen everywhere yet.
  const ageMs = refusals.refused(`${place.accountID}/${place.region}/RoleNotUsable/${arn}`);
  return ageMs >= PROPAGATION_MS
    ? { kind: 'stall', reason: 'RoleNotUsable', message }
    : { kind: 'wait', reason: 'RoleNotUsable', message, retryAfterMs: 10_000 };
}

async function faultOf(
  { session, read }: Inspection,
  arn: string,
  logGroup: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { place } = session;
  const { partition, accountID, region } = place;
  if (isForeign(arn, accountID)) return `it is not of this account. Name a role of account ${accountID}`;
  const name = arn.split('/').at(-1) ?? arn;
  const role = await read('iam:GetRole', arn, { RoleName: name }, signal);
  const trust = bedrockTrust(partition, accountID, region);
  if (role === 'Absent') {
    return `it does not exist. Create it with the trust statement ${trust} and the permission ${deliveryPermission(place, logGroup)}`;
  }
  if (typeof role === 'string') return undefined;
  const { Arn = arn, AssumeRolePolicyDocument = '' } = role.answer.Role ?? {};
  if (Arn !== arn) return `there is no such role, but ${Arn}: correct invocationLogging.cloudWatchLogs.role.arn`;
  const document = parseDocument(decoded(AssumeRolePolicyDocument));
  const asBedrock = { 'aws:SourceAccount': accountID, 'aws:SourceArn': sourceARN(place) };
  const trusted =
    document && admits(document, { service: 'bedrock.amazonaws.com', action: 'sts:AssumeRole' }, asBedrock);
  if (trusted === false) return `it does not trust Bedrock. Add to its trust policy: ${trust}`;
  const stream = recordsStream(place, logGroup);
  const asked = { PolicySourceArn: arn, ActionNames: [...deliveryActions], ResourceArns: [stream] };
  const simulated = await read('iam:SimulatePrincipalPolicy', arn, asked, signal);
  if (typeof simulated === 'string') return undefined;
  const refused = (simulated.answer.EvaluationResults ?? [])
    .filter(({ EvalDecision }) => EvalDecision !== 'allowed')
    // Under conditions on what only Bedrock's own call brings, it may be allowed all the same.
    .filter(({ MissingContextValues = [] }) => MissingContextValues.length === 0);
  if (refused.length === 0) return undefined;
  const actions = refused.map(({ EvalActionName }) => EvalActionName).join(' and ');
  return `it may not ${actions} there. ${remedyFor(refused)}: ${deliveryPermission(place, logGroup)}`;
}

/** A permission that is added does not help where something forbids it. */
function remedyFor(refused: readonly EvaluationResult[]): string {
  if (refused.some((one) => one.OrganizationsDecisionDetail?.AllowedByOrganizations === false))
    return 'A policy of the organization (SCP) does not let it: have that allow';
  if (refused.some((one) => one.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false))
    return 'Its permissions boundary does not let it: have that allow';
  return refused.some(({ EvalDecision }) => EvalDecision === 'explicitDeny')
    ? 'An explicit Deny in its policies forbids it: remove that, and allow'
    : 'Add to its permissions';
}

function isForeign(arn: string, accountID: string): boolean {
  const account = arn.split(':')[4];
  return account !== '' && account !== accountID;
}

/** IAM gives documents URL-encoded (GetRole, IAM API reference). Empty, and so not to be told, where it is not. */
function decoded(document: string): string {
  try {
    return decodeURIComponent(document);
  } catch {
    return '';
  }
}
