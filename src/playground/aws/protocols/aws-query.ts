import type { Json, JsonObject } from '#src/domain/json.ts';
import { isObject } from '../members.ts';
import type { Protocol } from './protocol.ts';

const xmlns = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** awsQuery of STS: a form body with Action and Version, XML answers. */
export const stsProtocol: Protocol = {
  service: 'sts',
  recognise(request) {
    const form = new URLSearchParams(request.body);
    return form.get('Version') === '2011-06-15' ? (form.get('Action') ?? undefined) : undefined;
  },
  read(request) {
    const input: Record<string, Json> = {};
    for (const [member, value] of new URLSearchParams(request.body)) {
      if (member !== 'Action' && member !== 'Version') {
        input[member] = member === 'DurationSeconds' ? Number(value) : value;
      }
    }
    return input;
  },
  success: (operation, output, requestID) => ({
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestID },
    body: `<${operation}Response xmlns="${xmlns}"><${operation}Result>${xml(output)}</${operation}Result><ResponseMetadata><RequestId>${requestID}</RequestId></ResponseMetadata></${operation}Response>`,
  }),
  failure: (error, requestID) => ({
    status: error.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestID },
    body: `<ErrorResponse xmlns="${xmlns}"><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${error.code}</Code><Message>${escaped(error.message)}</Message></Error><RequestId>${requestID}</RequestId></ErrorResponse>`,
  }),
};

function xml(value: JsonObject): string {
  return Object.entries(value)
    .map(
      ([member, inner]) =>
        `<${member}>${isObject(inner) ? xml(inner) : typeof inner === 'string' ? escaped(inner) : JSON.stringify(inner)}</${member}>`,
    )
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
