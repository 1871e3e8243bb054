import type { JsonObject } from '#src/domain/json.ts';
import { object, text } from '../members.ts';
import type { HttpRequest } from './http.ts';
import type { Protocol } from './protocol.ts';
import { escaped, parseXML, renderXML } from './xml.ts';

/** Operations on a bucket by the method, and the query that names them. */
const operations: Readonly<Record<string, string>> = {
  'PUT ': 'CreateBucket',
  'HEAD ': 'HeadBucket',
  'DELETE ': 'DeleteBucket',
  'GET policy': 'GetBucketPolicy',
  'PUT policy': 'PutBucketPolicy',
  'GET ownershipControls': 'GetBucketOwnershipControls',
  'PUT ownershipControls': 'PutBucketOwnershipControls',
  'GET tagging': 'GetBucketTagging',
  'PUT tagging': 'PutBucketTagging',
  'GET encryption': 'GetBucketEncryption',
  'PUT encryption': 'PutBucketEncryption',
  'GET lifecycle': 'GetBucketLifecycleConfiguration',
  'PUT lifecycle': 'PutBucketLifecycleConfiguration',
  'GET publicAccessBlock': 'GetPublicAccessBlock',
  'PUT publicAccessBlock': 'PutPublicAccessBlock',
};

/** restXml of S3: the bucket in the host name or, at an address without names, in the path; errors as XML. */
export const s3Protocol: Protocol = {
  service: 's3',
  recognise(request) {
    if (!/\/s3\/aws4_request/.test(request.headers['authorization'] ?? '')) return undefined;
    const [, ...key] = (hostBucket(request) === undefined ? request.path.slice(1) : request.path).split('/');
    if (key.join('/') !== '') return undefined;
    const named = Object.keys(request.query).filter((name) => name !== 'x-id');
    return operations[`${request.method} ${named.join(' ')}`];
  },
  read: (request) => ({
    Bucket: bucketOf(request),
    ...header(request, 'x-amz-expected-bucket-owner', 'ExpectedBucketOwner'),
    ...header(request, 'x-amz-object-ownership', 'ObjectOwnership'),
    ...('policy' in request.query ? { Policy: request.body } : request.body === '' ? {} : parseXML(request.body)),
  }),
  success(operation, output, requestID) {
    const headers = { 'content-type': 'application/xml', 'x-amz-request-id': requestID };
    const policy = text(output, 'Policy');
    if (policy !== undefined)
      return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body: policy };
    const members = object(output, 'Headers') ?? {};
    const named = Object.fromEntries(Object.keys(members).map((name) => [name, text(members, name) ?? '']));
    const { Headers: _, ...body } = output;
    return {
      status: operation === 'DeleteBucket' || operation === 'PutBucketTagging' ? 204 : 200,
      headers: { ...headers, ...named },
      body: renderXML(body),
    };
  },
  failure: (error, requestID, request) => ({
    status: error.status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestID },
    // An answer to HEAD has no body, so its error has no name.
    body:
      request.method === 'HEAD'
        ? ''
        : `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${error.code}</Code><Message>${escaped(error.message)}</Message><RequestId>${requestID}</RequestId></Error>`,
  }),
};

function header(request: HttpRequest, name: string, member: string): JsonObject {
  const value = request.headers[name];
  return value === undefined ? {} : { [member]: value };
}

function hostBucket({ headers }: HttpRequest): string | undefined {
  return /^(?<bucket>.+)\.s3[.-]/.exec(headers['host'] ?? '')?.groups?.['bucket'];
}

function bucketOf(request: HttpRequest): string {
  return hostBucket(request) ?? decodeURIComponent(request.path.split('/')[1] ?? '');
}
