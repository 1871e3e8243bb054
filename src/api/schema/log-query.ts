import { Type } from 'typebox';
import { roleARN } from './arn.ts';
import { isDuration, wholeMinutes } from './duration.ts';
import { groupNameForm } from './log-group.ts';
import type { Rule } from './shape.ts';
import { integer, object, setOf, text } from './shape.ts';

/** The oldest events that a scheduled query may look at (PutLogAlarm, CloudWatch API reference): 30 days. */
const OLDEST = '720h';

const offset = (description: string) =>
  text(description, { maxLength: 18 }, [
    { rule: isDuration('self'), message: 'must be a duration such as 30s, 5m, 1h or 1h30m' },
  ]);

const START = 'duration(has(self.startTimeOffset) ? self.startTimeOffset : self.every)';
const written = (member: string): string => `(!has(self.${member}) || ${isDuration(`self.${member}`)})`;
const readable = `${isDuration('self.every')} && ${written('startTimeOffset')} && ${written('endTimeOffset')}`;

const rules: readonly Rule[] = [
  {
    rule: `!(${readable}) || ${START} <= duration('${OLDEST}')`,
    message: `startTimeOffset may be at most ${OLDEST}: CloudWatch looks back 30 days`,
    fieldPath: '.startTimeOffset',
  },
  {
    rule: `!(${readable}) || ${START} > (has(self.endTimeOffset) ? duration(self.endTimeOffset) : duration('0s'))`,
    message:
      'endTimeOffset must be shorter than startTimeOffset (which is as long as every where it is absent): the query looks at the time between the two',
    fieldPath: '.endTimeOffset',
  },
];

/** A signal of an alarm: results of a Logs Insights query that CloudWatch runs on a schedule. */
export const logQuery = object(
  'A Logs Insights query that CloudWatch runs on a schedule; each result is compared with threshold. Runs are billed by the data that they scan.',
  {
    queryString: text(
      'The query in the Logs Insights language, such as filter ispresent(errorCode). It sees masked text. Of a record with a large body, Logs Insights finds the members before the body only.',
      { minLength: 1, maxLength: 10_000 },
    ),
    aggregationExpression: text(
      'How its events become a number, such as count(*), or one number per group, such as count(*) by modelId.',
      { minLength: 1, maxLength: 256 },
    ),
    logGroupNames: Type.Optional(
      setOf(
        "The log groups to query. Default: this monitor's log group, else the one that Bedrock delivers to. At most 50.",
        text('Name of a log group.', { minLength: 1, maxLength: 512 }, [groupNameForm]),
        { minItems: 1, maxItems: 50 },
      ),
    ),
    every: wholeMinutes('How often the query runs, in whole minutes from 1m to 24h.', '1m', '24h'),
    startTimeOffset: Type.Optional(
      offset('How far back the query looks from the moment that it runs, at most 720h. Default: as far as every.'),
    ),
    endTimeOffset: Type.Optional(
      offset('Where it ends, before the moment that it runs: for records that arrive late. Default: 0s.'),
    ),
    roleARN: roleARN(
      'The role by which CloudWatch Logs (logs.amazonaws.com) runs the query: it needs logs:StartQuery, logs:StopQuery, logs:GetQueryResults and logs:DescribeLogGroups on the log groups.',
    ),
    logLines: Type.Optional(
      object('Log lines in the notifications. Whoever is notified then reads prompts and answers, masked or not.', {
        count: integer('How many of the latest lines, 1 to 50.', 1, 50),
        roleARN: roleARN(
          'The role by which CloudWatch (cloudwatch.amazonaws.com) fetches them: it needs logs:GetQueryResults on the log groups.',
        ),
      }),
    ),
  },
  rules,
);
