import type { JsonObject } from '#src/domain/json.ts';

/** A refusal as AWS answers it. Each protocol renders it in its own way. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** The shape name, as in `__type`: `ResourceNotFoundException`, `DashboardNotFoundError`. */
  readonly code: string;
  readonly status: number;
  /** The older query code; CloudWatch sends it in `x-amzn-query-error` and SDKs take it for the error's name. */
  readonly queryCode: string;
  /** Further members of the error shape, such as `dashboardValidationMessages`. */
  readonly members: JsonObject;

  constructor(
    code: string,
    message: string,
    options: { readonly status?: number; readonly queryCode?: string; readonly members?: JsonObject } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode ?? code;
    this.members = options.members ?? {};
  }
}

/** CloudWatch Logs, for whatever is wrong with a request. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** CloudWatch, for whatever is wrong with a request: modelled by no operation, so SDKs see a plain service exception. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message, { queryCode: 'ValidationError' });
}

/** Bedrock; also CloudWatch Logs where the service framework refuses before Logs does. */
export function validationException(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** CloudWatch Logs: HTTP 400, as all of its errors. */
export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

/** A body that does not fit the protocol: not JSON, or a member of the wrong type. */
export function serializationException(message: string): AwsError {
  return new AwsError('SerializationException', message);
}
