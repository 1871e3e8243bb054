import { Type } from 'typebox';
import { keyARN } from './arn.ts';
import type { Rule } from './shape.ts';
import { choice, form, object, text } from './shape.ts';

/** What AWS takes as the retention of a log group, in days (PutRetentionPolicy). */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const retentionInDays = Type.Unsafe<number | 'NeverExpire'>({
  description: `Days after which AWS deletes the records, or NeverExpire. Default: 90 for a log group that the operator creates; one that existed keeps its own. Shortening deletes older records for good. One of ${RETENTION_DAYS.join(', ')}.`,
  'x-kubernetes-int-or-string': true,
  enum: [...RETENTION_DAYS, 'NeverExpire'],
});

const rules: readonly Rule[] = [
  {
    rule: "!has(self.management) || self.management != 'Unmanaged' || (!has(self.retentionInDays) && !has(self.kmsKeyARN) && !has(self.class) && !has(self.deletionProtection))",
    message:
      'an Unmanaged log group is not changed: remove retentionInDays, kmsKeyARN, class and deletionProtection, or set management: Managed',
  },
  {
    rule: "self.name != oldSelf.name || (has(oldSelf.management) && oldSelf.management == 'Unmanaged') || (has(self.management) && self.management == 'Unmanaged') || (has(self.class) ? self.class : 'Standard') == (has(oldSelf.class) ? oldSelf.class : 'Standard')",
    message:
      'class is fixed when AWS creates the log group; to change it give the log group a new name (the old group and its data stay)',
  },
];

/** What AWS takes in the name of a log group. */
export const groupNameForm = form('^[A-Za-z0-9._/#-]+$', 'a log group name may hold letters, digits and . - _ / #');

/** A log group by its exact name: the one that receives the records, or the one that receives the findings. */
export function logGroup(description: string) {
  return object(
    description,
    {
      name: text(
        'Exact name in AWS: letters, digits and . - _ / #. A new name is a new log group; the old one stays with its data.',
        { minLength: 1, maxLength: 512 },
        [
          groupNameForm,
          {
            rule: "!self.startsWith('aws/')",
            message: "a log group name may not start with aws/; AWS's own groups start with /aws/",
          },
        ],
      ),
      management: Type.Optional(
        choice(
          "Managed: the log group is created and kept as declared here. Unmanaged: it must exist and carry no other monitor's mark; its settings are never changed, and the masking policy and filters declared here are put on it. Neither is ever deleted. Default: Managed.",
          ['Managed', 'Unmanaged'],
        ),
      ),
      retentionInDays: Type.Optional(retentionInDays),
      kmsKeyARN: Type.Optional(
        keyARN(
          "ARN of a KMS key of the same Region that CloudWatch Logs may use. Default: AWS's own encryption. Records keep the key under which they were written.",
        ),
      ),
      class: Type.Optional(
        choice(
          'Log group class, fixed when AWS creates the log group. Default: Standard. InfrequentAccess costs half and has no pattern command, Live Tail, metric filters or subscriptions.',
          ['Standard', 'InfrequentAccess'],
        ),
      ),
      deletionProtection: Type.Optional(
        choice("AWS's own protection against deletion of the log group. Default: Enabled.", ['Enabled', 'Disabled']),
      ),
    },
    rules,
  );
}
