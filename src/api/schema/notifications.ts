import { Type } from 'typebox';
import { actionARN } from './arn.ts';
import { choice, listByKey, object, setOf, text } from './shape.ts';

export const SEVERITIES = ['Critical', 'Warning', 'Info'] as const;

/** The three lists of an alarm, in AWS's words; CloudWatch takes at most five actions per state. */
export const actions = {
  alarmActions: Type.Optional(setOf('What is set off when the alarm fires. At most 5.', actionARN, { maxItems: 5 })),
  okActions: Type.Optional(setOf('What is set off when the alarm is over. At most 5.', actionARN, { maxItems: 5 })),
  insufficientDataActions: Type.Optional(
    setOf('What is set off when data are missing. At most 5.', actionARN, { maxItems: 5 }),
  ),
};

const route = object('The actions of all alarms of one severity.', {
  severity: choice('Critical, Warning or Info.', SEVERITIES),
  ...actions,
});

const tagKeys = (description: string) =>
  setOf(description, text('A tag key.', { minLength: 1, maxLength: 128 }), { minItems: 1, maxItems: 50 });

const alarmTagsPropagation = object(
  'Puts the tags of alarms into their notifications and events. Empty: all tags of the alarm.',
  {
    includedTagKeys: Type.Optional(tagKeys('Only tags with these keys. At most 50.')),
    excludedTagKeys: Type.Optional(tagKeys('All tags but those with these keys. At most 50.')),
  },
  [
    {
      rule: '!has(self.includedTagKeys) || !has(self.excludedTagKeys)',
      message: 'set includedTagKeys or excludedTagKeys, not both',
    },
  ],
);

export const notifications = object('Who is told about alarms.', {
  routes: Type.Optional(
    listByKey(
      'One route per severity. Default: alarms without a route notify nobody. The targets must be in the Region of the monitor.',
      'severity',
      route,
      { maxItems: SEVERITIES.length },
    ),
  ),
  alarmTagsPropagation: Type.Optional(alarmTagsPropagation),
});
