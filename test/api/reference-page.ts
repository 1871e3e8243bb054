import { customResourceDefinition } from '#src/api/crd.ts';

/** A schema within the CRD, as far as the page shows it. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly { readonly message: string; readonly fieldPath?: string }[];
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

const [version] = customResourceDefinition.spec.versions;
const root: Schema = JSON.parse(JSON.stringify(version.schema.openAPIV3Schema));

/** docs/reference.md, from the schema: every field of spec and status with its type, bounds, meaning and rules. */
export function referencePage(): string {
  const { spec = {}, status = {} } = root.properties ?? {};
  return `# Reference

Written from \`src/api/schema\` by \`test/api/reference.test.ts\`. For reading from the beginning there is [resource.md](resource.md); what
presets come to is in [presets.md](presets.md), what reasons mean in [reasons.md](reasons.md).

**R** is required. A list is *merged* by a key or value, or *replaced* as a whole, by server-side apply. \`[]\` in a path is an entry of
a list, \`{}\` a value of a map. "Refused" quotes what the API server answers.
${[...sections('spec', spec), ...sections('status', status)].join('')}`;
}

/** The fields that the page shows, by path. */
export function documentedFields(): readonly string[] {
  const { spec = {}, status = {} } = root.properties ?? {};
  return [...walk('spec', spec, true), ...walk('status', status, false)].map(({ path }) => path);
}

/** One for what has no members of its own, one for each member that has. */
function sections(path: string, schema: Schema): readonly string[] {
  const members = Object.entries(schema.properties ?? {});
  const deep = members.filter(([, member]) => isDeep(member));
  const flat = members.filter(([, member]) => !isDeep(member));
  const of = (name: string): boolean => schema.required?.includes(name) === true;
  return [
    section(path, [
      { path, schema, required: path === 'spec' },
      ...flat.flatMap(([name, member]) => [...walk(`${path}.${name}`, member, of(name))]),
    ]),
    ...deep.map(([name, member]) => section(`${path}.${name}`, [...walk(`${path}.${name}`, member, of(name))])),
  ];
}

function isDeep({ properties, items }: Schema): boolean {
  return properties !== undefined || items?.properties !== undefined;
}

function* walk(path: string, schema: Schema, required: boolean): Generator<Field> {
  yield { path, schema, required };
  const { properties = {}, items, additionalProperties } = schema;
  for (const [name, member] of Object.entries(properties)) {
    yield* walk(`${path}.${name}`, member, schema.required?.includes(name) === true);
  }
  if (items !== undefined) yield* walk(`${path}[]`, items, false);
  if (additionalProperties !== undefined) yield* walk(`${path}{}`, additionalProperties, false);
}

function section(heading: string, fields: readonly Field[]): string {
  const rows = fields.map(
    ({ path, schema, required }) =>
      `| \`${path}\` | ${cell([required ? '**R**' : '', typeOf(schema)].filter(Boolean).join(' '))} | ${cell(meaning(schema))} |`,
  );
  return `\n## ${heading}\n\n| Field | Type | |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function meaning(schema: Schema): string {
  const refused = (schema['x-kubernetes-validations'] ?? []).map(({ message, fieldPath }) =>
    fieldPath === undefined ? `*${plain(message)}*` : `*${plain(message)}* (\`${fieldPath.slice(1)}\`)`,
  );
  const values = (schema.enum ?? []).map((value) => `\`${String(value)}\``);
  return [
    plain(schema.description ?? ''),
    values.length > 0 ? `One of ${values.join(', ')}.` : '',
    refused.length > 0 ? `Refused: ${refused.join('; ')}.` : '',
  ]
    .filter((part) => part !== '')
    .join('<br>');
}

function typeOf(schema: Schema): string {
  const merging = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema['x-kubernetes-int-or-string'] === true) return 'integer or text';
  switch (schema.type) {
    case 'string':
      // RFC 3339 needs no pattern to be understood.
      if (schema.format === 'date-time') return 'time';
      return `text${between(schema.minLength, schema.maxLength)}${schema.pattern === undefined ? '' : ` \`${schema.pattern}\``}`;
    case 'array':
      return `list${between(schema.minItems, schema.maxItems)}, ${
        merging === 'map' ? `merged by ${keys.join(', ')}` : merging === 'set' ? 'merged by value' : 'replaced'
      }`;
    case 'integer':
    case 'number':
      return `${schema.type}${between(schema.minimum, schema.maximum)}`;
    case 'boolean':
      return 'true or false';
    default:
      if (schema.additionalProperties !== undefined) return `map${between(undefined, schema.maxProperties)}`;
      return schema['x-kubernetes-preserve-unknown-fields'] === true ? 'any object' : 'object';
  }
}

/** `, at most 5`, `, 1 to 5`, `, at least 1`, or nothing. */
function between(least: number | undefined, most: number | undefined): string {
  const shown = (bound: number): string => bound.toLocaleString('en-US');
  if (least === undefined) return most === undefined ? '' : `, at most ${shown(most)}`;
  return most === undefined ? `, at least ${shown(least)}` : `, ${shown(least)} to ${shown(most)}`;
}

/** Words that Markdown is not to read: a pattern such as anthropic.* emphasises nothing. */
function plain(text: string): string {
  return text.replaceAll('*', '\\*');
}

/** A table cell: one line, and no bar that would end it; what is between angle brackets is no tag. */
function cell(text: string): string {
  return text
    .replaceAll('\n', ' ')
    .replaceAll('|', '\\|')
    .replaceAll(/<(?!br>)/g, '&lt;');
}
