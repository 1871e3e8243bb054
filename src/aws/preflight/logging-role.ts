import type { Dependency } from '#src/domain/dependencies.ts';
import type { Trouble } from '#src/domain/result.ts';
import { PROPAGATION_MS } from '../first-refusal.ts';
import { bedrockTrust, deliveryActions, deliveryPermission, recordsStream, sourceARN } from '../permission.ts';
import { parseDocument } from '../policy-document.ts';
import type { Inspection } from './inspection.ts';
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
  const name = arn.split('/').at(-1) ?? arn;
  const role = await read('iam:GetRole', arn, { RoleName: name }, signal);
  const trust = bedrockTrust(partition, accountID, region);
  if (role === 'Absent') {
    return `it does not exist. Create it with the trust statement ${trust} and the permission ${deliveryPermission(place, logGroup)}`;
  }
  if (typeof role === 'string') return undefined;
  const { Arn = arn, AssumeRolePolicyDocument = '' } = role.answer.Role ?? {};
  if (Arn !== arn) return `there is no such role, but ${Arn}: correct invocationLogging.cloudWatchLogs.role.arn`;
  const document = parseDocument(decodeURIComponent(AssumeRolePolicyDocument));
  const asBedrock = { 'aws:SourceAccount': accountID, 'aws:SourceArn': sourceARN(place) };
  const trusted =
    document && admits(document, { service: 'bedrock.amazonaws.com', action: 'sts:AssumeRole' }, asBedrock);
  if (trusted === false) return `it does not trust Bedrock. Add to its trust policy: ${trust}`;
  const stream = recordsStream(place, logGroup);
  const asked = { PolicySourceArn: arn, ActionNames: [...deliveryActions], ResourceArns: [stream] };
  const simulated = await read('iam:SimulatePrincipalPolicy', arn, asked, signal);
  if (typeof simulated === 'string') return undefined;
  const missing = (simulated.answer.EvaluationResults ?? [])
    .filter(({ EvalDecision }) => EvalDecision !== 'allowed')
    .map(({ EvalActionName }) => EvalActionName);
  if (missing.length === 0) return undefined;
  return `it may not ${missing.join(' and ')} there. Add to its permissions: ${deliveryPermission(place, logGroup)}`;
}
