import { text } from '../members.ts';
import { escaped } from './aws-query.ts';
import type { HttpRequest } from './http.ts';
import type { Protocol } from './protocol.ts';

/** Operations of S3 by the query that names them. */
const operations: Readonly<Record<string, string>> = {
  policy: 'GetBucketPolicy',
  ownershipControls: 'GetBucketOwnershipControls',
};

/** restXml of S3: the bucket in the host name or, at an address without names, in the path; errors as XML. */
export const s3Protocol: Protocol = {
  service: 's3',
  recognise(request) {
    if (request.method !== 'GET' || !/\/s3\/aws4_request/.test(request.headers['authorization'] ?? ''))
      return undefined;
    return Object.entries(operations).find(([query]) => query in request.query)?.[1];
  },
  read: (request) => ({
    Bucket: bucketOf(request),
    ...(request.headers['x-amz-expected-bucket-owner'] !== undefined && {
      ExpectedBucketOwner: request.headers['x-amz-expected-bucket-owner'],
    }),
  }),
  success: (operation, output, requestID) =>
    operation === 'GetBucketPolicy'
      ? {
          status: 200,
          headers: { 'content-type': 'application/json', 'x-amz-request-id': requestID },
          body: text(output, 'Policy') ?? '',
        }
      : {
          status: 200,
          headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestID },
          body: `<OwnershipControls><Rule><ObjectOwnership>${text(output, 'ObjectOwnership') ?? ''}</ObjectOwnership></Rule></OwnershipControls>`,
        },
  failure: (error, requestID) => ({
    status: error.status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestID },
    body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${error.code}</Code><Message>${escaped(error.message)}</Message><RequestId>${requestID}</RequestId></Error>`,
  }),
};

function bucketOf({ headers, path }: HttpRequest): string {
  const host = /^(?<bucket>.+)\.s3[.-]/.exec(headers['host'] ?? '')?.groups?.['bucket'];
  return host ?? decodeURIComponent(path.split('/')[1] ?? '');
}
