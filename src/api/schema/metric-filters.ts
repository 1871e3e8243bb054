import { Type } from 'typebox';
import { filterPattern } from './log-attachments.ts';
import { entryName } from './names.ts';
import { choice, decimal, form, listByKey, mapOf, object, setOf, text } from './shape.ts';

export const METRIC_FILTER_PRESETS = ['TokensByMetadata', 'ErrorsByCode'] as const;

/** CEL tests. A field of a record: names of letters, digits, - and _, and indexes. */
const FIELD = '^[$]([.][A-Za-z0-9_-]+|[[][0-9]+[]])+$';
const METRIC_VALUE = '^([$]([.][A-Za-z0-9_-]+|[[][0-9]+[]])+|[+-]?[0-9]+([.][0-9]+)?)$';
/** What AWS makes a thousand metrics of. */
const UNBOUNDED = '^[$][.](requestId|identity)([.].*)?$';
/** What a key and a value of requestMetadata may hold and a filter pattern can be asked for. */
const METADATA_KEY = '^[A-Za-z0-9_-]+$';
const METADATA_VALUE = '^[A-Za-z0-9 _:@$#=/+,.-]+$';

const tokensByMetadata = object('Parameters of preset TokensByMetadata.', {
  key: text('A key of requestMetadata, which callers send with their requests.', { minLength: 1, maxLength: 128 }, [
    form(METADATA_KEY, 'must be a requestMetadata key of letters, digits, - and _: filter patterns can name no others'),
  ]),
  values: setOf(
    'The values that are counted; calls with other values are not. At most 50: free values would make AWS disable the filter.',
    text('A value, exactly.', { minLength: 1, maxLength: 128 }, [
      form(METADATA_VALUE, 'a value may hold letters, digits, blanks and _ : @ $ # = / + , . -'),
    ]),
    { minItems: 1, maxItems: 50 },
  ),
});

const metricName = (description: string) =>
  text(description, { minLength: 1, maxLength: 255 }, [
    form('^[^:*$]+$', 'the name of a metric or namespace may not hold : * or $'),
  ]);

const metricTransformation = object(
  'What is published for each record that matches filterPattern.',
  {
    metricName: metricName('Name of the metric.'),
    metricValue: text(
      'A number, or the field of the record that holds it, such as $.input.inputTokenCount.',
      { minLength: 1, maxLength: 100 },
      [form(METRIC_VALUE, 'must be a number, or a field of the record such as $.input.inputTokenCount')],
    ),
    metricNamespace: Type.Optional(
      metricName('Namespace of the metric. Default: BedrockMonitor/<cluster>/<namespace>/<monitor>.'),
    ),
    dimensions: Type.Optional(
      mapOf(
        'Names of dimensions, each with the field of the record that has its value. At most 3. Each value makes a metric that AWS bills.',
        text('A field of the record, such as $.modelId.', { maxLength: 255 }),
        3,
        [
          {
            rule: `self.all(name, self[name].matches('${FIELD}'))`,
            message: 'the value of a dimension must be a field of the record, such as $.modelId',
          },
          {
            rule: `!self.exists(name, self[name].matches('${UNBOUNDED}'))`,
            message:
              'a dimension over requestId or identity makes a billed metric per value, and CloudWatch Logs disables a filter that yields 1,000 of them in an hour',
          },
          {
            rule: "self.all(name, size(name) <= 255 && !name.startsWith(':'))",
            message: 'the name of a dimension holds at most 255 characters and may not begin with :',
          },
        ],
      ),
    ),
    defaultValue: Type.Optional(decimal('Published for a record that does not match. Default: nothing.')),
  },
  [
    {
      rule: '!has(self.defaultValue) || !has(self.dimensions) || self.dimensions.size() == 0',
      message: 'AWS forbids defaultValue together with dimensions',
      fieldPath: '.defaultValue',
    },
  ],
);

const metricFilter = object(
  'One metric made from the records of the log group: by preset, or by your own pattern.',
  {
    name: entryName('metric filter'),
    preset: Type.Optional(
      choice(
        'TokensByMetadata: InputTokenCount and OutputTokenCount by the values of a requestMetadata key. ErrorsByCode: InvocationErrors by errorCode.',
        METRIC_FILTER_PRESETS,
      ),
    ),
    tokensByMetadata: Type.Optional(tokensByMetadata),
    filterPattern: Type.Optional(filterPattern('Your own: which records count.')),
    metricTransformation: Type.Optional(metricTransformation),
  },
  [
    {
      rule: 'has(self.preset) != has(self.filterPattern)',
      message: 'set exactly one of preset and filterPattern',
    },
    {
      rule: "has(self.tokensByMetadata) == (has(self.preset) && self.preset == 'TokensByMetadata')",
      message: 'preset TokensByMetadata and tokensByMetadata go together',
    },
    {
      rule: 'has(self.filterPattern) == has(self.metricTransformation)',
      message: 'filterPattern and metricTransformation go together',
    },
  ],
);

export const metricFilters = listByKey(
  "Metrics made from the records in this monitor's log group, masked as they are there. At most 50 (AWS: 100 filters a log group; an entry may need several).",
  'name',
  metricFilter,
  { maxItems: 50 },
);
