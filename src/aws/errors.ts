import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { FirstRefusals } from './first-refusal.ts';
import { PROPAGATION_MS } from './first-refusal.ts';
import type { OperationName } from './operations.ts';
import { refusedPermission, statementFor } from './permission.ts';

/** What an AWS error means, whatever service and protocol it came through. */
export type ErrorClass =
  | 'Absent'
  | 'Throttled'
  | 'Unavailable'
  | 'Concurrent'
  | 'Denied'
  | 'Credentials'
  | 'Region'
  | 'Quota'
  | 'Rejected'
  /** Not from AWS: our own bug, or a crash that a test plays. */
  | 'Unknown';

/**
 * CloudWatch sends its older query codes in a header that the SDK prefers, so a missing dashboard is `ResourceNotFound`
 * with it and `DashboardNotFoundError` without. Both names stand in each set.
 */
const absent = new Set([
  'ResourceNotFound',
  'ResourceNotFoundException',
  'DashboardNotFoundError',
  // KMS, with status 400.
  'NotFoundException',
]);
/** As the SDK classifies throttling, without LimitExceededException, which is a quota in every service used here. */
const throttled = new Set([
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);
const quota = new Set([
  'LimitExceeded',
  'LimitExceededException',
  'LimitExceededFault',
  'ServiceQuotaExceededException',
  'TooManyTagsException',
]);
const concurrent = new Set([
  'OperationAbortedException',
  'ConcurrentModificationException',
  'ConflictException',
  'ResourceConflict',
  // S3 and IAM.
  'OperationAborted',
  'EntityTemporarilyUnmodifiableException',
]);
const denied = new Set(['AccessDenied', 'AccessDeniedException', 'NotAuthorized', 'UnauthorizedOperation']);
const credentials = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'TokenProviderError',
]);
/** Credentials that STS knows and a Region does not: so answers a Region that is switched off for the account. */
const unknownToken = new Set(['InvalidClientTokenId', 'UnrecognizedClientException']);
const regionOff = new Set(['OptInRequired', 'RegionDisabledException']);
/** The SDK corrects its clock from the answer, so that the next attempt is right. */
const skewed = new Set(['RequestExpired', 'RequestTimeTooSkewed', 'InvalidSignatureException', 'RequestInTheFuture']);
const unreachable = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

interface AwsFields {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The error's AWS name: `ResourceNotFoundException`. Looks through our own Waiting and Stalled at their cause. */
export function awsName(error: unknown): string {
  return original(error).name ?? '';
}

/** Whether AWS says that the thing is not there. */
export function isAbsent(error: unknown): boolean {
  return classify(error) === 'Absent';
}

/** Whether AWS refused the request itself: another attempt with the same values cannot succeed. */
export function isRefusal(error: unknown): boolean {
  const kind = classify(error);
  return kind === 'Rejected' || kind === 'Denied' || kind === 'Absent';
}

/** The class of an error that an SDK client threw, or of the cause of our own Waiting or Stalled. */
export function classify(error: unknown): ErrorClass {
  const { name = '', code = '', $metadata } = original(error);
  const status = $metadata?.httpStatusCode;
  if (absent.has(name)) return 'Absent';
  if (quota.has(name)) return 'Quota';
  if (concurrent.has(name)) return 'Concurrent';
  if (throttled.has(name)) return 'Throttled';
  if (denied.has(name)) return 'Denied';
  if (credentials.has(name)) return 'Credentials';
  if (unknownToken.has(name) || regionOff.has(name) || code === 'ENOTFOUND') return 'Region';
  if (skewed.has(name) || name === 'TimeoutError' || unreachable.has(code)) return 'Unavailable';
  if (status === undefined || status < 300) return 'Unknown';
  if (status === 429) return 'Throttled';
  if (status === 404) return 'Absent';
  if (status === 403) return 'Denied';
  return status >= 500 ? 'Unavailable' : 'Rejected';
}

/** Whether nobody answered: there is no way to AWS, or it was silent for too long. */
export function isUnanswered(error: unknown): boolean {
  return classify(error) === 'Unavailable' && original(error).$metadata?.httpStatusCode === undefined;
}

/** What a call was about, for messages. */
export interface CallContext {
  readonly name: OperationName;
  /** The ARN or name of what the call concerns, or `*`. */
  readonly resource: string;
  /** Absent: not known yet. */
  readonly accountID: string | undefined;
  readonly region: string;
}

/**
 * The Waiting or Stalled that an AWS error means, with the error as its cause; what is not from AWS stays as it is.
 * A denial is patience for two minutes, counted from the first one that this process saw.
 */
export function failureOf(error: unknown, context: CallContext, refusals: FirstRefusals): unknown {
  if (error instanceof Waiting || error instanceof Stalled) return error;
  const at = described(context);
  const said = messageOf(error);
  switch (classify(error)) {
    case 'Absent':
      return new Waiting('ConcurrentChange', `${at}: it is not there (${said})`, { cause: error });
    case 'Throttled':
      return new Waiting('Throttled', `${at}: AWS answered "${said}"; calls go slower`, { cause: error });
    case 'Unavailable':
      return new Waiting('AWSUnavailable', `${at}: AWS did not answer (${said})`, { cause: error });
    case 'Concurrent':
      return new Waiting('ConcurrentChange', `${at}: AWS is busy with another change of it (${said})`, {
        cause: error,
      });
    case 'Quota':
      return new Stalled(
        'QuotaExceeded',
        `${at}: an AWS quota is reached (${said}). Ask AWS for a higher one, or remove what is not needed`,
        { cause: error },
      );
    case 'Rejected':
      return new Stalled('RejectedByAWS', `${at}: AWS refused it: ${said}`, { cause: error });
    case 'Denied':
      return deniedFailure(error, context, refusals);
    case 'Credentials':
      return noCredentials(at, error);
    case 'Region':
      // STS knows no Region that is switched off, so there it is the credentials.
      if (context.name.startsWith('sts:') && unknownToken.has(awsName(error))) return noCredentials(at, error);
      return new Stalled(
        'RegionUnavailable',
        `${at}: Region ${context.region} is unknown, or not switched on for the account, or the credentials have become invalid (${said}). Correct spec.region, or enable the Region for the account`,
        { cause: error },
      );
    case 'Unknown':
      return error;
  }
}

function described({ name, resource, accountID, region }: CallContext): string {
  return [
    name,
    ...(resource === '*' ? [] : [`of ${resource}`]),
    accountID === undefined ? `in ${region}` : `in account ${accountID}, ${region}`,
  ].join(' ');
}

/** Under which a denial of this call is remembered, and forgotten once the call succeeds. */
export function refusalKey({ name, accountID, region }: CallContext): string {
  return `${accountID}/${region}/${name}`;
}

function noCredentials(at: string, error: unknown): Stalled {
  return new Stalled(
    'CredentialsUnavailable',
    `${at}: there are no valid AWS credentials (${messageOf(error)}). Check the operator's IRSA or Pod Identity role, or the assumed role`,
    { cause: error },
  );
}

function deniedFailure(error: unknown, context: CallContext, refusals: FirstRefusals): Waiting | Stalled {
  const { action, resource } = refusedPermission(messageOf(error)) ?? {
    action: context.name,
    resource: context.resource,
  };
  const said = messageOf(error);
  const passedTo = servicesOfRole(context.name);
  const remedy = /explicit deny/.test(said)
    ? 'An explicit deny forbids it, and no permission overrides that: have it removed'
    : `Add to the policy of the role in use: ${statementFor(action, resource, passedTo)}`;
  const message = `IAM refuses ${action} on ${resource}. ${remedy} (AWS: ${said})`;
  const ageMs = refusals.refused(refusalKey(context));
  if (ageMs >= PROPAGATION_MS) return new Stalled('AccessDenied', message, { cause: error });
  return new Waiting('AccessDenied', message, { cause: error, retryAfterMs: 15_000 });
}

/** Whom an operation hands a role to; a log alarm has two roles, and AWS does not say which one it means. */
function servicesOfRole(name: OperationName): readonly string[] | undefined {
  if (name === 'cloudwatch:PutLogAlarm') return ['logs.amazonaws.com', 'cloudwatch.amazonaws.com'];
  return name.startsWith('logs:') ? ['logs.amazonaws.com'] : undefined;
}

/** AWS's own words. */
export function messageOf(error: unknown): string {
  const { message, name } = original(error);
  return message || name || 'no message';
}

function original(error: unknown): AwsFields {
  const inner = error instanceof Waiting || error instanceof Stalled ? (error.cause ?? error) : error;
  return typeof inner === 'object' && inner !== null ? inner : {};
}
