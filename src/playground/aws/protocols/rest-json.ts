import type { Protocol } from './protocol.ts';
import { parseBody } from './protocol.ts';

const operations: Readonly<Record<string, string>> = {
  'PUT /logging/modelinvocations': 'PutModelInvocationLoggingConfiguration',
  'GET /logging/modelinvocations': 'GetModelInvocationLoggingConfiguration',
  'DELETE /logging/modelinvocations': 'DeleteModelInvocationLoggingConfiguration',
};

/** restJson1 of Bedrock's control plane: the error's name goes in the `x-amzn-errortype` header. */
export const bedrockProtocol: Protocol = {
  service: 'bedrock',
  recognise: (request) => operations[`${request.method} ${request.path.replace(/(?<=.)\/$/, '')}`],
  read: (request) => parseBody(request.body),
  success: (operation, output, requestID) => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestID },
    // Put and Delete answer with an empty object.
    body: JSON.stringify(operation.startsWith('Get') ? output : {}),
  }),
  failure: (error, requestID) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestID, 'x-amzn-errortype': error.code },
    body: JSON.stringify({ message: error.message, ...error.members }),
  }),
};
