import { Type } from 'typebox';
import { ERROR_KINDS } from './alarm-presets.ts';
import { latencyLimit } from './duration.ts';
import { entryName } from './names.ts';
import { SEVERITIES } from './notifications.ts';
import { choice, decimal, form, listByKey, object, setOf, text } from './shape.ts';
import { model } from './target.ts';

const errors = object('Requests that fail are bad.', {
  include: Type.Optional(
    setOf('What counts as a failure. Default: ServerErrors and Throttles.', choice('A kind of error.', ERROR_KINDS), {
      minItems: 1,
      maxItems: ERROR_KINDS.length,
    }),
  ),
});

const latency = object('Requests that are answered too late are bad.', {
  under: latencyLimit('Requests are to be answered within this time, such as 500ms or 2s.'),
  metric: Type.Optional(
    choice(
      'InvocationLatency: until the last token. TimeToFirstToken: until the first one, of streamed answers; needs models. Default: InvocationLatency.',
      ['InvocationLatency', 'TimeToFirstToken'],
    ),
  ),
});

const burn = (description: string) =>
  Type.Optional(
    object(description, {
      severity: Type.Optional(
        choice('Chooses the route of notifications. Default: Critical for fastBurn, Warning for slowBurn.', SEVERITIES),
      ),
    }),
  );

const slo = object(
  'A service level objective: four burn-rate alarms and two composites, fast and slow, which alone notify; for each model.',
  {
    name: entryName('slo'),
    objective: decimal('The part of all requests that is to be good, in percent: from 95 to 99.99.', {
      minimum: 95,
      maximum: 99.99,
    }),
    windowDays: Type.Optional(
      Type.Unsafe<7 | 28 | 30>({
        type: 'integer',
        format: 'int64',
        description: 'Over how many days the objective is to hold: 7, 28 or 30. Default: 30.',
        enum: [7, 28, 30],
      }),
    ),
    errors: Type.Optional(errors),
    latency: Type.Optional(latency),
    models: Type.Optional(
      setOf(
        'One objective per model. Default: spec.models, else one over all models. An empty list means one over all models.',
        model,
        { maxItems: 50 },
      ),
    ),
    fastBurn: burn('2 percent of the budget of the window gone within an hour.'),
    slowBurn: burn('5 percent of the budget of the window gone within six hours.'),
    description: Type.Optional(
      text('For whoever is woken up. At most 512 characters. Default: a sentence that says the objective.', {
        maxLength: 512,
      }),
    ),
    runbookURL: Type.Optional(
      text('What to do when the budget burns; appended to the description.', { maxLength: 256 }, [
        form('^https?://[!-~]+$', 'must be a URL that begins with https:// or http://'),
      ]),
    ),
  },
  [{ rule: 'has(self.errors) != has(self.latency)', message: 'set exactly one of errors and latency' }],
);

export const slos = listByKey('Service level objectives. At most 20.', 'name', slo, { maxItems: 20 });
