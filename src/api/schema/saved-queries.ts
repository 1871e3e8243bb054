import { Type } from 'typebox';
import { groupNameForm } from './log-group.ts';
import { entryName } from './names.ts';
import { choice, listByKey, object, setOf, text } from './shape.ts';

export const QUERY_PRESETS = ['LatestInvocations', 'PromptPatterns', 'TokensByModel', 'Errors'] as const;

const savedQuery = object(
  'One saved query of CloudWatch Logs Insights: a preset, or your own text.',
  {
    name: entryName('query'),
    preset: Type.Optional(
      choice(
        'LatestInvocations: the 100 latest records. PromptPatterns: prompts grouped by pattern. TokensByModel: tokens in and out per model. Errors: the latest failed invocations.',
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
      message: 'queryLanguage belongs to queryString',
      fieldPath: '.queryLanguage',
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
