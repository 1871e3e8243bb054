import type { Json, JsonObject } from '#src/domain/json.ts';
import { serializationException } from '../errors.ts';
import { isObject } from '../members.ts';

/**
 * Elements that may repeat, by name: each reads as a list, however many there are. What S3 takes and gives of bucket
 * settings has no others.
 */
const repeated: ReadonlySet<string> = new Set([
  'Rule',
  'Tag',
  'Transition',
  'NoncurrentVersionTransition',
  'BlockedEncryptionTypes.EncryptionType',
]);

/**
 * A document as JSON: the root element as the one member, elements as members, text as strings. Namespaces, attributes,
 * comments and CDATA are not looked at: SDKs send none that say anything.
 */
export function parseXML(document: string): JsonObject {
  const tokens = document.replace(/<\?.*?\?>|<!--.*?-->/gs, '').match(/<[^>]+>|[^<]+/g) ?? [];
  let at = 0;

  function element(): [string, Json] {
    const [, name, closed] = /^<([\w:.-]+)(?:\s[^>]*?)?(\/?)>$/.exec(tokens[at] ?? '') ?? [];
    if (name === undefined) throw malformed();
    at += 1;
    if (closed === '/') return [name, ''];
    const members: Record<string, Json> = {};
    let text = '';
    for (; tokens[at] !== `</${name}>`; ) {
      const token = tokens[at];
      if (token === undefined) throw malformed();
      if (!token.startsWith('<')) {
        text += token;
        at += 1;
        continue;
      }
      const [member, value] = element();
      const known = members[member];
      if (repeated.has(member) || repeated.has(`${name}.${member}`))
        members[member] = [...(Array.isArray(known) ? known : []), value];
      else members[member] = value;
    }
    at += 1;
    return [name, Object.keys(members).length > 0 ? members : unescaped(text)];
  }

  while (tokens[at]?.trim() === '') at += 1;
  const [root, value] = element();
  return { [root]: value };
}

/** The other way round: a list is an element repeated. */
export function renderXML(value: JsonObject): string {
  return Object.entries(value)
    .flatMap(([name, inner]) => (Array.isArray(inner) ? inner : [inner]).map((one: Json) => element(name, one)))
    .join('');
}

function element(name: string, value: Json): string {
  const content = isObject(value)
    ? renderXML(value)
    : escaped(typeof value === 'string' ? value : JSON.stringify(value));
  return `<${name}>${content}</${name}>`;
}

/** As XML has it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replace(/&#(?:x([0-9a-fA-F]+)|(\d+));/g, (_, hex?: string, decimal?: string) =>
      String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replaceAll('&amp;', '&');
}

function malformed(): Error {
  return serializationException(
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
