import { AwsError } from './errors.ts';

/** The errors of the Observability Access Manager, with its statuses (OAM API reference). */
export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function notFound(what: string, arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The ${what} ${arn} was not found.`, { status: 404 });
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { status: 409 });
}

/** AWS answers a used-up quota with the status of throttling. */
export function quotaExceeded(message: string): AwsError {
  return new AwsError('ServiceQuotaExceededException', message, { status: 429 });
}
