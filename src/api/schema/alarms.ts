import { Type } from 'typebox';
import { isDuration, period, seconds } from './duration.ts';
import { entryName } from './names.ts';
import { actions, SEVERITIES } from './notifications.ts';
import type { Rule } from './shape.ts';
import { choice, decimal, flag, form, integer, listByKey, mapOf, object, setOf, text } from './shape.ts';
import { model } from './target.ts';

const ALARM_PRESETS = [
  'Throttling',
  'ServerErrors',
  'ClientErrors',
  'LegacyModel',
  'ErrorRate',
  'LatencyP99',
  'TimeToFirstToken',
] as const;

export const ERROR_KINDS = ['ServerErrors', 'ClientErrors', 'Throttles'] as const;

const STATISTIC =
  '^(Average|Sum|Minimum|Maximum|SampleCount|IQM|(p|tm|tc|ts|wm)(100|[0-9]{1,2}([.][0-9]{1,10})?)|(PR|TM|TC|TS|WM)[(][0-9.%]*:[0-9.%]*[)])$';

const metric = object('One metric of CloudWatch.', {
  namespace: Type.Optional(
    text('Namespace of the metric in CloudWatch. Default: AWS/Bedrock.', {
      minLength: 1,
      maxLength: 255,
      pattern: '^[^:]+$',
    }),
  ),
  name: text('Name of the metric, such as Invocations or InputTokenCount.', { minLength: 1, maxLength: 255 }),
  dimensions: Type.Optional(
    mapOf(
      'Dimensions and their values. Default: none, that is the metric over all models. Set models rather than ModelId.',
      text('Value of the dimension.', { minLength: 1, maxLength: 1024 }),
      30,
    ),
  ),
  statistic: text(
    'A statistic of CloudWatch: Average, Sum, Minimum, Maximum, SampleCount, IQM, a percentile such as p99, or tm, tc, ts, wm, PR(:5000).',
    { maxLength: 64 },
    [
      form(
        STATISTIC,
        'must be a CloudWatch statistic: Average, Sum, Minimum, Maximum, SampleCount, IQM, a percentile such as p99, or tm, tc, ts, wm, PR(:5000)',
      ),
    ],
  ),
});

const errorRate = object('Parameters of preset ErrorRate.', {
  include: Type.Optional(
    setOf('What counts as an error. Default: ServerErrors and Throttles.', choice('A kind of error.', ERROR_KINDS), {
      minItems: 1,
      maxItems: ERROR_KINDS.length,
    }),
  ),
  minimumInvocations: Type.Optional(
    integer('With fewer invocations and errors in a period the rate counts as 0. Default: 20.', 0, 1_000_000),
  ),
});

/** What the sum of periods is compared with, for an entry that leaves one of the two to its preset. */
const PERIOD = `(has(self.period) ? ${seconds('self.period')} : !has(self.preset) ? 300 : self.preset in ['Throttling', 'ServerErrors'] ? 60 : self.preset == 'LegacyModel' ? 3600 : 300)`;
const PERIODS =
  "(has(self.evaluationPeriods) ? self.evaluationPeriods : !has(self.preset) || self.preset == 'LegacyModel' ? 1 : self.preset in ['Throttling', 'ServerErrors'] ? 5 : 3)";

const rules: readonly Rule[] = [
  {
    rule: 'has(self.preset) != has(self.metric)',
    message: 'set exactly one of preset and metric',
    messageExpression: "'alarm ' + self.name + ': set exactly one of preset and metric'",
  },
  {
    rule: '!has(self.metric) || has(self.threshold)',
    message: 'set threshold',
    messageExpression: "'alarm ' + self.name + ': set threshold'",
  },
  {
    rule: '!has(self.preset) || !has(self.comparisonOperator)',
    message: 'a preset brings its own comparisonOperator: use metric to choose another',
    fieldPath: '.comparisonOperator',
  },
  {
    rule: "!has(self.errorRate) || (has(self.preset) && self.preset == 'ErrorRate')",
    message: 'errorRate holds the parameters of preset ErrorRate',
    fieldPath: '.errorRate',
  },
  {
    rule: `!has(self.datapointsToAlarm) || self.datapointsToAlarm <= ${PERIODS}`,
    message: "datapointsToAlarm may not exceed evaluationPeriods, which is the preset's, else 1, where it is absent",
    fieldPath: '.datapointsToAlarm',
  },
  {
    rule: `(has(self.period) && !${isDuration('self.period')}) || ${PERIOD} * ${PERIODS} <= (${PERIOD} >= 3600 ? 604800 : 86400)`,
    message: 'period x evaluationPeriods may be at most one day, or seven days for periods of an hour and more',
  },
  {
    rule: "!has(self.comparisonOperator) || !self.comparisonOperator.startsWith('LessThan') || has(self.treatMissingData)",
    message:
      'set treatMissingData: without traffic Bedrock sends no data points, so a less-than alarm must say what silence means',
  },
  {
    rule: "!has(self.models) || !has(self.metric) || !has(self.metric.dimensions) || !('ModelId' in self.metric.dimensions)",
    message: 'ModelId is set by models: use one of the two',
  },
  {
    rule: '!has(self.awsName) || !has(self.models) || self.models.size() == 0',
    message: 'awsName names one alarm, but models asks for one alarm per model: remove one of the two',
    fieldPath: '.awsName',
  },
];

const alarm = object(
  'One CloudWatch alarm, or one per model: what is watched (preset or metric), and when it fires.',
  {
    name: entryName('alarm'),
    preset: Type.Optional(
      choice(
        'A ready-made alarm; threshold, period, evaluationPeriods, datapointsToAlarm and severity change its numbers. Throttling, ServerErrors: any, in 3 of 5 minutes. ClientErrors: over 10 in each of 3 times 5 minutes. LegacyModel: any use of a model of Legacy status within an hour. ErrorRate: over 5 percent for 15 minutes. LatencyP99: over 30000 ms for 15 minutes. TimeToFirstToken: p99 of streamed answers over 5000 ms for 15 minutes; needs models.',
        ALARM_PRESETS,
      ),
    ),
    metric: Type.Optional(metric),
    errorRate: Type.Optional(errorRate),
    threshold: Type.Optional(
      decimal(
        "What the value is compared with, in the unit of the metric: latencies in milliseconds, ErrorRate in percent, the others are counts. Default: the preset's. Required beside metric.",
      ),
    ),
    comparisonOperator: Type.Optional(
      choice('How the value is compared with threshold. Beside metric only. Default: GreaterThanThreshold.', [
        'GreaterThanOrEqualToThreshold',
        'GreaterThanThreshold',
        'LessThanThreshold',
        'LessThanOrEqualToThreshold',
      ]),
    ),
    period: Type.Optional(period("Whole minutes, such as 5m or 1h30m. Default: the preset's, else 5m.")),
    evaluationPeriods: Type.Optional(
      integer("How many of the latest periods are looked at. Default: the preset's, else 1.", 1, 1440),
    ),
    datapointsToAlarm: Type.Optional(
      integer("In how many of them the threshold is passed. Default: the preset's, else evaluationPeriods.", 1, 1440),
    ),
    treatMissingData: Type.Optional(
      choice(
        'What a period without data counts as: Breaching, NotBreaching, Ignore (the state stays as it is) or Missing (after enough of them INSUFFICIENT_DATA). Default: NotBreaching, because without traffic there are no data points. Must be written beside a less-than operator.',
        ['Missing', 'NotBreaching', 'Breaching', 'Ignore'],
      ),
    ),
    evaluateLowSampleCountPercentile: Type.Optional(
      choice(
        'For percentiles of few samples. Evaluate: as any other. Ignore: the state stays as it is. Default: Evaluate.',
        ['Evaluate', 'Ignore'],
      ),
    ),
    models: Type.Optional(
      setOf(
        'One alarm per model. Default: spec.models, for metrics of AWS/Bedrock without dimensions, else one alarm over all models. An empty list means one alarm over all models.',
        model,
        { maxItems: 50 },
      ),
    ),
    severity: Type.Optional(
      choice("Chooses the route of notifications. Default: the preset's, else Warning.", SEVERITIES),
    ),
    ...actions,
    actionsEnabled: Type.Optional(flag('False: the alarm changes its state and sets nothing off. Default: true.')),
    description: Type.Optional(
      text('For whoever is woken up. At most 512 characters. Default: a sentence from the preset.', { maxLength: 512 }),
    ),
    runbookURL: Type.Optional(
      text('What to do when the alarm fires; appended to the description.', { maxLength: 256 }, [
        form('^https?://[!-~]+$', 'must be a URL that begins with https:// or http://'),
      ]),
    ),
    awsName: Type.Optional(
      text(
        'Exact name of the alarm in AWS. Default: bedrockmonitor/<cluster>/<namespace>/<monitor>/<entry>, with /<model> where there is one alarm per model.',
        { minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
      ),
    ),
  },
  rules,
);

export const alarms = listByKey(
  'CloudWatch alarms. At most 100 entries, and 500 alarms once models are expanded.',
  'name',
  alarm,
  { maxItems: 100 },
);
