import type { HttpRequest } from './http.ts';
import type { Protocol } from './protocol.ts';
import { parseBody } from './protocol.ts';

const posted = new Set([
  'CreateLink',
  'CreateSink',
  'DeleteLink',
  'DeleteSink',
  'GetLink',
  'GetSink',
  'GetSinkPolicy',
  'ListAttachedLinks',
  'ListLinks',
  'ListSinks',
  'PutSinkPolicy',
  'UpdateLink',
]);
const tags: Readonly<Record<string, string>> = {
  PUT: 'TagResource',
  DELETE: 'UntagResource',
  GET: 'ListTagsForResource',
};

/**
 * restJson1 of the Observability Access Manager: POST /<Operation>, tags at /tags/<encoded ARN>. Other services have
 * such paths too, so the signature tells whose a request is. The error's name goes in the `x-amzn-errortype` header.
 */
export const oamProtocol: Protocol = {
  service: 'oam',
  recognise(request) {
    if (!/\/oam\/aws4_request/.test(request.headers['authorization'] ?? '')) return undefined;
    if (request.path.startsWith('/tags/')) return tags[request.method];
    const name = request.path.slice(1);
    return request.method === 'POST' && posted.has(name) ? name : undefined;
  },
  read(request) {
    const body = parseBody(request.body);
    if (!request.path.startsWith('/tags/')) return body;
    const ResourceArn = decodeURIComponent(request.path.slice('/tags/'.length));
    return { ...body, ResourceArn, ...(request.method === 'DELETE' && { TagKeys: tagKeys(request) }) };
  },
  success: (_operation, output, requestID) => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestID },
    body: JSON.stringify(output),
  }),
  failure: (error, requestID) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestID, 'x-amzn-errortype': error.code },
    body: JSON.stringify({ Message: error.message, ...error.members }),
  }),
};

/** One value of the query, in which keys are separated by commas where a client sends several. */
function tagKeys({ query }: HttpRequest): string[] {
  return (query['tagKeys'] ?? '').split(',').filter((key) => key !== '');
}
