import type { Dependency } from '#src/domain/dependencies.ts';
import type { Trouble } from '#src/domain/result.ts';
import type { Inspection } from './inspection.ts';
import { stalled } from './inspection.ts';

/** The key that AWS manages for SNS; its policy cannot admit CloudWatch (CloudWatch user guide, "Notify users"). */
const managedKey = /(^|\/)alias\/aws\/sns$|^alias\/aws\/sns$/;

/** The topic exists, and CloudWatch can publish to it. Topics of other Regions and accounts are not ours to read. */
export async function checkTopic(
  { session, read }: Inspection,
  { arn }: Dependency & { kind: 'Topic' },
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const [, , , region, account] = arn.split(':');
  if (region !== session.place.region || account !== session.place.accountID) return undefined;
  const topic = await read('sns:GetTopicAttributes', arn, { TopicArn: arn }, signal);
  if (topic === 'Absent') {
    const message = `topic ${arn} does not exist: alarms that notify it are made, and nobody hears them. Create the topic, or name another`;
    return stalled('ActionTargetNotUsable', message);
  }
  if (typeof topic === 'string') return undefined;
  const key = topic.answer.Attributes?.['KmsMasterKeyId'] ?? '';
  if (!managedKey.test(key)) return undefined;
  return stalled(
    'ActionTargetNotUsable',
    `topic ${arn} is encrypted with the key that AWS manages (${key}), which CloudWatch cannot use: nobody hears the alarms. Encrypt it with a customer managed key whose policy lets cloudwatch.amazonaws.com use kms:GenerateDataKey* and kms:Decrypt`,
  );
}
