import { Type } from 'typebox';
import { roleARN } from './arn.ts';
import { adoptionPolicy, deletionPolicy, driftPolicy } from './policies.ts';
import { choice, flag, form, mapOf, object, setOf, text } from './shape.ts';

/** CEL test: the shape of an AWS Region name, in any partition. */
const REGION = '^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$';

const region = text(
  'AWS Region of everything here, such as us-east-1. Fixed: a monitor is one Region of one account.',
  { maxLength: 32 },
  [
    form(REGION, 'must be an AWS Region name such as us-east-1'),
    {
      rule: 'self == oldSelf',
      message:
        'region cannot change: a monitor is one Region of one account; create another BedrockMonitor for the other Region',
    },
  ],
);

const accountID = text(
  'A guard: the operator refuses to act in any other AWS account. 12 digits, in quotes. It can be corrected until the monitor is bound to an account (status.accountID), then it is fixed.',
  { maxLength: 32 },
  [form('^[0-9]{12}$', 'must be 12 digits, in quotes')],
);

const assumeRole = object(
  "The IAM role to act as. Default: the operator's own identity. The platform's credentials list says which roles a namespace may use. The external ID sent is <cluster>/<namespace>, or what that list says; a monitor cannot choose it.",
  { roleARN: roleARN('ARN of the IAM role.') },
);

const suspend = flag(
  'While true nothing is written to AWS; reading and the status go on. Deleting a suspended monitor leaves AWS as it is. Default: false.',
);

const mode = choice(
  'Enforce: AWS is made what the spec says. Plan: nothing is written in AWS; what would be done is in status.plan, and is done once if the annotation bedrockmonitor.io/approve-plan names its hash. Observe: nothing is written in AWS and no claim is taken; state and drift are reported. Default: Enforce.',
  ['Enforce', 'Plan', 'Observe'],
);

const CLOCK = '([01][0-9]|2[0-3]):[0-5][0-9]';
/** RFC 3339 as every reader reads it: the API server's `date-time` alone also takes offsets such as +99:99. */
export const TIME = `^[0-9-]{10}[Tt]${CLOCK}:[0-5][0-9]([.][0-9]+)?([Zz]|[+-]${CLOCK})$`;

const suspendUntil = text(
  'Until this time, such as 2026-12-05T22:00:00Z, nothing is written to AWS; reading and the status go on. Not together with suspend: true.',
  { maxLength: 64, format: 'date-time', pattern: TIME },
);

const tags = mapOf(
  'Tags for everything that AWS can tag, beside the tags of others and the marks of the operator. At most 40; keys of at most 128 characters, values of at most 256.',
  text('Value of the tag, at most 256 characters.', { maxLength: 256 }),
  40,
  [
    {
      rule: "self.all(key, key.size() <= 128 && !key.startsWith('aws:') && !key.startsWith('bedrockmonitor.io/'))",
      message: 'tag keys may not start with aws: or bedrockmonitor.io/, and hold at most 128 characters',
    },
  ],
);

/** Models as AWS's ModelId dimension has them, or their ARNs; `*` matches models with traffic. */
export const model = text(
  'A model ID, an inference profile ID, or the ARN of either. With * it stands for all models with traffic that match, such as anthropic.* or *.',
  { minLength: 1, maxLength: 256, pattern: '^[A-Za-z0-9*][A-Za-z0-9._:/*-]*$' },
  [
    {
      rule: "!self.contains('*') || !self.startsWith('arn:')",
      message: 'a pattern matches model IDs: write it without arn:',
    },
  ],
);

const models = setOf(
  'Default of alarms[].models and dashboards[].models: model IDs, inference profile IDs, or their ARNs; * matches models with traffic. At most 50.',
  model,
  { maxItems: 50 },
);

export const target = {
  region,
  accountID: Type.Optional(accountID),
  assumeRole: Type.Optional(assumeRole),
  mode: Type.Optional(mode),
  suspend: Type.Optional(suspend),
  suspendUntil: Type.Optional(suspendUntil),
  deletionPolicy: Type.Optional(deletionPolicy),
  adoptionPolicy: Type.Optional(adoptionPolicy),
  driftPolicy: Type.Optional(driftPolicy),
  tags: Type.Optional(tags),
  models: Type.Optional(models),
};
