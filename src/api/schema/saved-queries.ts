import { Type } from 'typebox';
import { groupNameForm } from './log-group.ts';
import { entryName } from './names.ts';
import { choice, form, listByKey, object, setOf, text } from './shape.ts';

export const QUERY_PRESETS = [
  'LatestInvocations',
  'PromptPatterns',
  'TokensByModel',
  'Errors',
  'TokensByIdentity',
  'SlowestInvocations',
  'MaskedFindings',
  'LargePayloads',
] as const;

/** "must start with a letter or underscore, and contain only letters, digits, and underscores" (QueryParameter, SDK). */
const PARAMETER_NAME = '^[A-Za-z_][A-Za-z0-9_]*$';

const parameter = object('A value that whoever runs the query can set.', {
  name: text('Name of the parameter, written {{name}} in queryString.', { minLength: 1, maxLength: 128 }, [
    form(PARAMETER_NAME, 'a parameter name may hold letters, digits and _, and begins with a letter or _'),
  ]),
  defaultValue: Type.Optional(text('What is taken where nothing is set.', { maxLength: 1000 })),
  description: Type.Optional(text('What the parameter is for.', { maxLength: 1000 })),
});

const savedQuery = object(
  'One saved query of CloudWatch Logs Insights: a preset, or your own text.',
  {
    name: entryName('query'),
    preset: Type.Optional(
      choice(
        'LatestInvocations: the 100 latest records. PromptPatterns: prompts grouped by pattern. TokensByModel: tokens in and out per model. Errors: the latest failed invocations. TokensByIdentity: tokens in and out per caller. SlowestInvocations: those that took longest, of operations that say so. MaskedFindings: the latest records with masked text. LargePayloads: bodies in S3 and the largest others.',
        QUERY_PRESETS,
      ),
    ),
    queryString: Type.Optional(
      text("Your own query, at most 9,700 characters (AWS's 10,000 less the operator's mark).", {
        minLength: 1,
        maxLength: 9700,
      }),
    ),
    queryLanguage: Type.Optional(
      choice('Language of queryString. Default: CWLI, the Logs Insights query language.', ['CWLI', 'SQL', 'PPL']),
    ),
    parameters: Type.Optional(
      listByKey(
        'Parameters of a CWLI query, for {{name}} in queryString. An empty list: none. Default: those that the query has in AWS stay. At most 20.',
        'name',
        parameter,
        { maxItems: 20 },
      ),
    ),
    logGroupNames: Type.Optional(
      setOf(
        "The log groups to query. Default: this monitor's log group, else the one that Bedrock delivers to. At most 50.",
        text('Name of a log group.', { minLength: 1, maxLength: 512 }, [groupNameForm]),
        { minItems: 1, maxItems: 50 },
      ),
    ),
    awsName: Type.Optional(
      text(
        'Exact name of the query in AWS; / makes folders. Default: bedrockmonitor/<cluster>/<namespace>/<monitor>/<entry>.',
        { minLength: 1, maxLength: 255 },
        [
          {
            rule: "!self.contains(':') && !self.contains('*') && !self.startsWith('/') && !self.endsWith('/')",
            message: 'awsName may not hold : or *, nor start or end with /',
          },
        ],
      ),
    ),
  },
  [
    {
      rule: 'has(self.preset) != has(self.queryString)',
      message: 'set exactly one of preset and queryString',
    },
    {
      rule: '!has(self.queryLanguage) || has(self.queryString)',
      message: 'queryLanguage and parameters belong to queryString',
      fieldPath: '.queryLanguage',
    },
    {
      rule: '!has(self.parameters) || has(self.queryString)',
      message: 'queryLanguage and parameters belong to queryString',
      fieldPath: '.parameters',
    },
    {
      rule: "!has(self.parameters) || !has(self.queryLanguage) || self.queryLanguage == 'CWLI'",
      message: 'AWS takes parameters in CWLI queries only',
      fieldPath: '.parameters',
    },
    {
      rule: "!has(self.queryLanguage) || self.queryLanguage != 'SQL' || !has(self.logGroupNames)",
      message: 'a SQL query names its log groups inside queryString: remove logGroupNames',
      fieldPath: '.logGroupNames',
    },
  ],
);

export const savedQueries = listByKey('Saved queries of CloudWatch Logs Insights. At most 50.', 'name', savedQuery, {
  maxItems: 50,
});
