import { Type } from 'typebox';
import { duration } from './duration.ts';
import { entryName } from './names.ts';
import { actions, SEVERITIES } from './notifications.ts';
import { choice, flag, form, integer, listByKey, object, setOf, text } from './shape.ts';

/** CEL test: a CloudWatch alarm's ARN. */
export const ALARM_ARN = '^arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:.+$';

const member = text('Name of an alarm or slo of this monitor, or the ARN of an alarm of the same account and Region.', {
  minLength: 1,
  maxLength: 512,
});

const members = (description: string) => Type.Optional(setOf(description, member, { minItems: 1, maxItems: 40 }));

const atLeast = object('Fires while at least so many of the alarms fire.', {
  count: integer('How many AWS alarms: a name that stands for one alarm per model counts once per model.', 1, 100),
  alarms: setOf('Names of alarms and slos of this monitor, or alarm ARNs.', member, { minItems: 1, maxItems: 40 }),
});

const actionsSuppressor = object(
  'While another alarm fires, such as one that says that a deployment is under way, this one sets nothing off.',
  {
    alarm: text('Name of an alarm of this monitor that is one AWS alarm, or the ARN of an alarm.', {
      minLength: 1,
      maxLength: 512,
    }),
    waitPeriod: duration('How long actions wait for the suppressor to fire, once this alarm fires. 0s: not at all.'),
    extensionPeriod: duration('How long actions wait after the suppressor has stopped firing. 0s: not at all.'),
  },
);

const compositeAlarm = object(
  'An alarm over the states of other alarms; exactly one of anyOf, allOf, atLeast and rule.',
  {
    name: entryName('composite alarm'),
    anyOf: members(
      'Fires while one of them fires. Names of alarms and slos of this monitor, or alarm ARNs. A name that stands for many alarms fires while any of them does.',
    ),
    allOf: members(
      'Fires while all of them fire. Names of alarms and slos of this monitor, or alarm ARNs. A name that stands for many alarms fires while any of them does.',
    ),
    atLeast: Type.Optional(atLeast),
    rule: Type.Optional(
      text(
        "A rule in CloudWatch's grammar, such as ALARM(errors) AND NOT ALARM(quota). Bare words are names of alarms and slos of this monitor, words in double quotes are names of alarms in AWS, and ARNs stand for themselves. A name that stands for many alarms: ALARM is any of them, OK and INSUFFICIENT_DATA are all of them.",
        { minLength: 1, maxLength: 2048 },
      ),
    ),
    actionsSuppressor: Type.Optional(actionsSuppressor),
    severity: Type.Optional(choice('Chooses the route of notifications. Default: Warning.', SEVERITIES)),
    ...actions,
    actionsEnabled: Type.Optional(flag('False: the alarm changes its state and sets nothing off. Default: true.')),
    description: Type.Optional(
      text('For whoever is woken up. At most 512 characters. Default: a sentence that says the rule.', {
        maxLength: 512,
      }),
    ),
    runbookURL: Type.Optional(
      text('What to do when the alarm fires; appended to the description.', { maxLength: 256 }, [
        form('^https?://[!-~]+$', 'must be a URL that begins with https:// or http://'),
      ]),
    ),
    awsName: Type.Optional(
      text('Exact name of the alarm in AWS. Default: bedrockmonitor/<cluster>/<namespace>/<monitor>/<entry>.', {
        minLength: 1,
        maxLength: 255,
        pattern: '^[ -~]+$',
      }),
    ),
  },
  [
    {
      rule: '[has(self.anyOf), has(self.allOf), has(self.atLeast), has(self.rule)].filter(given, given).size() == 1',
      message: 'set exactly one of anyOf, allOf, atLeast and rule',
    },
  ],
);

export const compositeAlarms = listByKey(
  "Alarms over the states of this monitor's alarms and slos. At most 20.",
  'name',
  compositeAlarm,
  { maxItems: 20 },
);
