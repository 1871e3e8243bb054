import { form, text } from './shape.ts';

/** CEL test: the ARN of an IAM role, path included, in any partition. */
export const ROLE_ARN = '^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$';

const ACTION_ARN = '^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[^:]*:.+$';
const KEY_ARN = '^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$';

const POLICY_ARN = '^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$';

export function roleARN(description: string) {
  return text(description, { maxLength: 512 }, [
    form(ROLE_ARN, 'must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/Name'),
  ]);
}

/** A KMS key by its ARN; CloudWatch Logs takes no alias. */
export function keyARN(description: string) {
  return text(description, { maxLength: 512 }, [
    form(
      KEY_ARN,
      'must be the ARN of a KMS key, not of an alias, such as arn:aws:kms:us-east-1:111122223333:key/1a2b3c4d-1111-2222-3333-444455556666',
    ),
  ]);
}

/** A managed policy, of the account or of AWS. */
export function policyARN(description: string) {
  return text(description, { maxLength: 512 }, [
    form(POLICY_ARN, 'must be the ARN of a managed policy, such as arn:aws:iam::111122223333:policy/Boundary'),
  ]);
}

/** What an alarm sets off: an SNS topic, a Lambda function, an SSM OpsItem … CloudWatch takes each as an ARN. */
export const actionARN = text(
  'ARN of an SNS topic, or of another target that CloudWatch alarms can set off.',
  { maxLength: 512 },
  [form(ACTION_ARN, 'must be an ARN, such as arn:aws:sns:us-east-1:111122223333:Topic')],
);
