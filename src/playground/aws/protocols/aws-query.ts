import type { Json, JsonObject } from '#src/domain/json.ts';
import { isObject } from '../members.ts';
import type { Protocol } from './protocol.ts';
import { escaped } from './xml.ts';

/** awsQuery of STS. */
export const stsProtocol: Protocol = query('sts', '2011-06-15');
/** awsQuery of IAM. */
export const iamProtocol: Protocol = query('iam', '2010-05-08');
/** awsQuery of SNS. */
export const snsProtocol: Protocol = query('sns', '2010-03-31');

/**
 * A form body with Action and Version, XML answers. A list goes as `Name.member.1`, of structures as
 * `Name.member.1.Field`; a map comes as `entry`.
 */
function query(service: Protocol['service'], version: string): Protocol {
  const xmlns = `https://${service}.amazonaws.com/doc/${version}/`;
  return {
    service,
    recognise(request) {
      const form = new URLSearchParams(request.body);
      return form.get('Version') === version ? (form.get('Action') ?? undefined) : undefined;
    },
    read(request) {
      const input: Record<string, Json> = {};
      for (const [member, value] of new URLSearchParams(request.body)) {
        if (member === 'Action' || member === 'Version') continue;
        const {
          name,
          index = '',
          field,
        } = /^(?<name>\w+)\.member\.(?<index>\d+)(?:\.(?<field>\w+))?$/.exec(member)?.groups ?? {};
        if (name === undefined) {
          input[member] = /^(DurationSeconds|MaxItems|MaxSessionDuration)$/.test(member) ? Number(value) : value;
          continue;
        }
        const items: Json[] = Array.isArray(input[name]) ? [...input[name]] : [];
        const at = Number(index) - 1;
        const known = items[at];
        items[at] = field === undefined ? value : { ...(isObject(known) ? known : {}), [field]: value };
        input[name] = items;
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
}

function xml(value: JsonObject): string {
  return (
    Object.entries(value)
      // A map is a row of entries, a list one of members.
      .flatMap(([member, inner]) =>
        (member === 'entry' && Array.isArray(inner) ? inner : [inner]).map((one: Json) => [member, one] as const),
      )
      .map(([member, inner]) => `<${member}>${content(inner)}</${member}>`)
      .join('')
  );
}

function content(value: Json): string {
  if (Array.isArray(value)) return value.map((item: Json) => `<member>${content(item)}</member>`).join('');
  if (isObject(value)) return xml(value);
  return typeof value === 'string' ? escaped(value) : JSON.stringify(value);
}
