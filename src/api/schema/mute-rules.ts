import { Type } from 'typebox';
import { wholeMinutes } from './duration.ts';
import { entryName } from './names.ts';
import { SEVERITIES } from './notifications.ts';
import { choice, form, listByKey, object, setOf, text } from './shape.ts';
import { TIME } from './target.ts';

/** One field of a cron expression: numbers or English names, joined by - and , or *. */
const FIELD = '([*]|[0-9A-Z]{1,3}(-[0-9A-Z]{1,3})?)(,([*]|[0-9A-Z]{1,3}(-[0-9A-Z]{1,3})?))*';
const AT = '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]$';

const time = (description: string) => text(description, { maxLength: 64, format: 'date-time', pattern: TIME });

const muteRule = object(
  'A window of time, once (at) or again and again (cron), in which alarms set nothing off. They go on changing their state; one that fires at the end of the window notifies then.',
  {
    name: entryName('mute rule'),
    cron: Type.Optional(
      text(
        'When windows begin: minutes, hours, day of month, month and day of week, such as 0 2 * * SUN.',
        {
          maxLength: 200,
        },
        [
          form(
            `^${FIELD}( ${FIELD}){4}$`,
            'must be five fields with digits, names, * - and , only: CloudWatch mute rules know no / and no seconds',
          ),
        ],
      ),
    ),
    at: Type.Optional(
      text('When the one window begins, in timeZone and to the minute, such as 2026-12-05T22:00.', { maxLength: 32 }, [
        form(AT, 'must be a date and time without seconds and zone, such as 2026-12-05T22:00'),
      ]),
    ),
    duration: wholeMinutes('How long a window is: whole minutes from 1m to 360h.', '1m', '360h'),
    timeZone: Type.Optional(
      text('Zone of cron and at, such as Europe/Berlin. Default: UTC.', { minLength: 1, maxLength: 50 }, [
        form('^[A-Za-z0-9_+/-]+$', 'must be a time zone such as UTC or Europe/Berlin'),
      ]),
    ),
    startDate: Type.Optional(time('No window begins before this time. AWS takes it to the minute. Default: at once.')),
    expireDate: Type.Optional(time('No window begins after this time. AWS takes it to the minute. Default: never.')),
    alarms: Type.Optional(
      setOf(
        'Names of alarms, compositeAlarms and slos of this monitor. Default: all of them. An slo stands for its composites, which alone notify.',
        text('Name of an entry.', { minLength: 1, maxLength: 63 }),
        { minItems: 1, maxItems: 30 },
      ),
    ),
    severities: Type.Optional(
      setOf('Only alarms of these severities. Default: all.', choice('A severity.', SEVERITIES), {
        minItems: 1,
        maxItems: SEVERITIES.length,
      }),
    ),
    description: Type.Optional(text('At most 512 characters. Default: none.', { maxLength: 512 })),
    awsName: Type.Optional(
      text(
        'Exact name of the rule in AWS; further rules, for more than 100 alarms, end in _2, _3 and so on. Default: bedrockmonitor_<cluster>_<namespace>_<monitor>_<entry>.',
        { minLength: 1, maxLength: 250, pattern: '^[A-Za-z0-9_.-]+$' },
      ),
    ),
  },
  [
    { rule: 'has(self.cron) != has(self.at)', message: 'set exactly one of cron (recurring) and at (once)' },
    {
      rule: '!has(self.startDate) || !has(self.expireDate) || self.startDate < self.expireDate',
      message: 'expireDate must be later than startDate',
      fieldPath: '.expireDate',
    },
  ],
);

export const muteRules = listByKey(
  'Windows in which alarms of this monitor set nothing off. At most 20.',
  'name',
  muteRule,
  { maxItems: 20 },
);
