import { text } from './shape.ts';

/** CEL test: the ARN of an IAM role, path included, in any partition. */
export const ROLE_ARN = '^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$';

const ACTION_ARN = '^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[^:]*:.+$';
const KEY_ARN = '^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$';

export function roleARN(description: string) {
  return text(description, { maxLength: 512 }, [
    {
      rule: `self.matches('${ROLE_ARN}')`,
      message: 'must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/Name',
    },
  ]);
}

/** A KMS key by its ARN; CloudWatch Logs takes no alias. */
export function keyARN(description: string) {
  return text(description, { maxLength: 512, pattern: KEY_ARN });
}

/** What an alarm sets off: an SNS topic, a Lambda function, an SSM OpsItem … CloudWatch takes each as an ARN. */
export const actionARN = text('ARN of an SNS topic, or of another target that CloudWatch alarms can set off.', {
  maxLength: 512,
  pattern: ACTION_ARN,
});
