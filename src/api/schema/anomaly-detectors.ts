import { Type } from 'typebox';
import { metric } from './alarm-signals.ts';
import { entryName } from './names.ts';
import { atomicList, choice, flag, listByKey, object, setOf, text } from './shape.ts';
import { model, TIME } from './target.ts';

const time = (description: string) => text(description, { maxLength: 64, format: 'date-time', pattern: TIME });

const range = object(
  'A time whose data the model does not learn from, such as a load test or an outage.',
  { startTime: time('When it begins, such as 2026-11-01T08:00:00Z.'), endTime: time('When it ends.') },
  [
    {
      // CEL has a text of format date-time as a time.
      rule: 'self.startTime < self.endTime',
      message: 'endTime must be after startTime',
      fieldPath: '.endTime',
    },
  ],
);

const anomalyDetector = object(
  'How CloudWatch trains the model of one metric and statistic, which every anomalyBand on it shares; of one per model where models apply.',
  {
    name: {
      ...entryName('anomaly detector'),
      description: 'Name of this entry: at most 63 lower-case letters, digits and -. AWS has no name for a model.',
    },
    metric,
    models: Type.Optional(
      setOf(
        'One detector per model. Default: spec.models, for metrics of AWS/Bedrock that are per model and name no dimensions, else one for all models together. An empty list means one for all models together.',
        model,
        { maxItems: 50 },
      ),
    ),
    excludedTimeRanges: Type.Optional(
      atomicList('Times whose data the model does not learn from. At most 10.', range, { maxItems: 10 }),
    ),
    timeZone: Type.Optional(
      text('The time zone whose daily rhythm the metric follows, such as Europe/Berlin. Default: UTC.', {
        minLength: 1,
        maxLength: 50,
        pattern: '^[A-Za-z0-9_+/-]+$',
      }),
    ),
    adaptationSpeed: Type.Optional(
      choice('How soon the model takes a lasting change for normal. Default: Normal.', ['Fast', 'Normal', 'Slow']),
    ),
    outlierFilteringStrength: Type.Optional(
      choice(
        'How much of the extremes the model leaves out when it learns: more makes the band narrower. Default: Moderate.',
        ['Minimal', 'Moderate', 'Strict'],
      ),
    ),
    periodicSpikes: Type.Optional(
      flag('True: spikes that come again and again are expected and no anomalies. Default: false.'),
    ),
  },
  [
    {
      rule: "!has(self.models) || self.models.size() == 0 || !has(self.metric.dimensions) || !('ModelId' in self.metric.dimensions)",
      message: 'ModelId is set by models: use one of the two',
    },
  ],
);

export const anomalyDetectors = listByKey(
  'Tuning of the models behind anomaly bands. CloudWatch makes a model for every band by itself; an entry here says how it is trained. At most 50.',
  'name',
  anomalyDetector,
  { maxItems: 50 },
);
