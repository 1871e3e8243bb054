import type { AwsError } from '../errors.ts';
import type { Protocol } from './protocol.ts';
import { parseBody } from './protocol.ts';

/** awsJson1_1 of CloudWatch Logs: POST /, `X-Amz-Target: Logs_20140328.<Operation>`. */
export const logsProtocol: Protocol = json11('logs', 'Logs_20140328.');

/** awsJson1_1 of the Key Management Service. */
export const kmsProtocol: Protocol = json11('kms', 'TrentService.');

function json11(service: Protocol['service'], prefix: string): Protocol {
  return {
    service,
    recognise: (request) => target(request.headers, prefix),
    read: (request) => parseBody(request.body),
    success: (_operation, output, requestID) => ({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestID },
      body: JSON.stringify(output),
    }),
    failure: (error, requestID) => ({
      status: error.status,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestID },
      body: JSON.stringify({ __type: error.code, message: error.message, ...error.members }),
    }),
  };
}

/**
 * awsJson1_0 of CloudWatch, compatible with its older query protocol: to a client that says `x-amzn-query-mode: true`
 * the error's query code goes in a header, and SDKs take it for the name of the error.
 */
export const monitoringProtocol: Protocol = {
  service: 'monitoring',
  recognise: (request) => target(request.headers, 'GraniteServiceVersion20100801.'),
  read: (request) => parseBody(request.body),
  success: (_operation, output, requestID) => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestID },
    body: JSON.stringify(output),
  }),
  failure: (error, requestID, request) => ({
    status: error.status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestID,
      ...(request.headers['x-amzn-query-mode'] === 'true' && { 'x-amzn-query-error': queryError(error) }),
    },
    body: JSON.stringify({
      __type: `com.amazonaws.cloudwatch#${error.code}`,
      message: error.message,
      ...error.members,
    }),
  }),
};

function queryError(error: AwsError): string {
  return `${error.queryCode};${error.status < 500 ? 'Sender' : 'Receiver'}`;
}

function target(headers: Readonly<Record<string, string>>, prefix: string): string | undefined {
  const given = headers['x-amz-target'];
  return given?.startsWith(prefix) === true ? given.slice(prefix.length) : undefined;
}
