import { Type } from 'typebox';
import { preset, presetParameters } from './alarm-presets.ts';
import { alarmRules } from './alarm-rules.ts';
import { metric, metricMath, metricsInsights } from './alarm-signals.ts';
import { period, wholeMinutes } from './duration.ts';
import { logQuery } from './log-query.ts';
import { entryName } from './names.ts';
import { actions, SEVERITIES } from './notifications.ts';
import { choice, decimal, flag, form, integer, listByKey, object, setOf, text } from './shape.ts';
import { model } from './target.ts';

const anomalyBand = object(
  'Compares with what CloudWatch expects from the past of the metric, in place of threshold. It makes the model when the alarm first looks, needs some hours to show a band, and learns for two weeks. Costs three times as much as a threshold.',
  {
    standardDeviations: Type.Optional(
      decimal(
        'Width of the band to each side, in standard deviations: more is less sensitive. Default: 2; 3 with preset TokenSpike.',
        { minimum: 0, maximum: 100 },
        [{ rule: 'self >= 0.1', message: 'must be at least 0.1 standard deviations' }],
      ),
    ),
  },
);

const warmUp = object(
  'A time after the alarm is made in which it sets nothing off. A change after that time does not begin a new one.',
  {
    duration: wholeMinutes('How long, in whole minutes from 1m to 48h.', '1m', '48h'),
    startEvaluating: Type.Optional(
      choice(
        'WhenDataSuffices: earlier, as soon as all periods that are looked at have data. AfterWarmUp: never earlier. Default: WhenDataSuffices.',
        ['WhenDataSuffices', 'AfterWarmUp'],
      ),
    ),
  },
);

const alarm = object(
  'One CloudWatch alarm, or one per model: what is watched (preset, metric, metricMath, metricsInsights or logQuery), and when it fires.',
  {
    name: entryName('alarm'),
    preset: Type.Optional(preset),
    metric: Type.Optional(metric),
    metricMath: Type.Optional(metricMath),
    metricsInsights: Type.Optional(metricsInsights),
    logQuery: Type.Optional(logQuery),
    ...presetParameters,
    threshold: Type.Optional(
      decimal(
        "What the value is compared with, in the unit of the metric: latencies in milliseconds, ErrorRate in percent, the others are counts. Default: the preset's. Required beside metric, metricMath, metricsInsights and logQuery, unless anomalyBand is set.",
      ),
    ),
    anomalyBand: Type.Optional(anomalyBand),
    comparisonOperator: Type.Optional(
      choice(
        'How the value is compared. Not beside preset. Default: GreaterThanThreshold, with anomalyBand LessThanLowerOrGreaterThanUpperThreshold.',
        [
          'GreaterThanOrEqualToThreshold',
          'GreaterThanThreshold',
          'LessThanThreshold',
          'LessThanOrEqualToThreshold',
          'LessThanLowerOrGreaterThanUpperThreshold',
          'LessThanLowerThreshold',
          'GreaterThanUpperThreshold',
        ],
      ),
    ),
    period: Type.Optional(period("Whole minutes, such as 5m or 1h30m. Default: the preset's, else 5m.")),
    evaluationPeriods: Type.Optional(
      integer(
        "How many of the latest periods, or results of logQuery, are looked at. Default: the preset's, else 1.",
        1,
        1440,
      ),
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
        'For a percentile of one metric, where there are few samples. Evaluate: as any other. Ignore: the state stays as it is. Default: Evaluate.',
        ['Evaluate', 'Ignore'],
      ),
    ),
    warmUp: Type.Optional(warmUp),
    models: Type.Optional(
      setOf(
        'One alarm per model; with preset CostBudget, the models that are added up. Default: spec.models, for metrics of AWS/Bedrock that are per model and name no dimensions, else one alarm over all models. An empty list means one alarm over all models.',
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
  alarmRules,
);

export const alarms = listByKey(
  'CloudWatch alarms. At most 100 entries, and 500 alarms once models are expanded.',
  'name',
  alarm,
  { maxItems: 100 },
);
