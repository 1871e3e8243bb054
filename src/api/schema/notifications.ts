import { Type } from 'typebox';
import { actionARN } from './arn.ts';
import { choice, listByKey, object, setOf } from './shape.ts';

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

export const notifications = object('Who is told about alarms.', {
  routes: Type.Optional(
    listByKey(
      'One route per severity. Default: alarms without a route notify nobody. The targets must be in the Region of the monitor.',
      'severity',
      route,
      { maxItems: SEVERITIES.length },
    ),
  ),
});
