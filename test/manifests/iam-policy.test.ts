import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { operations } from '#src/aws/operations.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

const policy: { readonly Statement: readonly Statement[] } = JSON.parse(
  await readFile(new URL('../../manifests/iam-policy.json', import.meta.url), 'utf8'),
);
const actionsOf = ({ Action }: Statement): readonly string[] => (typeof Action === 'string' ? [Action] : Action);
const allowed = new Set(policy.Statement.flatMap(actionsOf));

/** Actions that AWS checks of the caller inside another call. */
const checkedInside = [
  // Bedrock's Put, for the role that it writes logs with, PutSubscriptionFilter, for the one that streams are
  // written with, and PutLogAlarm, for those that query and fetch lines
  'iam:PassRole',
  // PutDataProtectionPolicy with a findings destination
  'logs:CreateLogDelivery',
  'logs:DescribeResourcePolicies',
  'logs:PutResourcePolicy',
  'firehose:TagDeliveryStream',
  // GetSink and GetLink with the tags
  'oam:ListTagsForResource',
  // CreateLink and UpdateLink, for what the link shares
  'application-signals:Link',
  'applicationinsights:Link',
  'cloudwatch:Link',
  'internetmonitor:Link',
  'logs:Link',
  'xray:Link',
];

describe('manifests/iam-policy.json', () => {
  test('allows what the operator calls, not one action more or less', () => {
    // AWS lets everybody ask who they are; which roles may be assumed is for whoever declares them.
    // What a platform switches on has a policy of its own.
    const called = Object.entries(operations)
      .filter(([action, operation]) => !action.startsWith('sts:') && !('optional' in operation))
      .map(([action]) => action);
    expect([...allowed].toSorted()).toEqual([...called, ...checkedInside].toSorted());
  });

  test('passes only roles under /bedrockmonitor/, and only to Bedrock, CloudWatch Logs and CloudWatch', () => {
    const passing = policy.Statement.filter((statement) => actionsOf(statement).includes('iam:PassRole'));
    expect(passing).toEqual(
      ['bedrock.amazonaws.com', 'logs.amazonaws.com', 'cloudwatch.amazonaws.com'].map((service) =>
        expect.objectContaining({
          Resource: 'arn:*:iam::*:role/bedrockmonitor/*',
          Condition: { StringEquals: { 'iam:PassedToService': service } },
        }),
      ),
    );
  });

  test('deletes logs and their masking in statements that a platform may leave out, and only groups with our tag', () => {
    const deleting = policy.Statement.filter((statement) =>
      actionsOf(statement).some((action) => /^logs:Delete(LogGroup|DataProtectionPolicy)$/.test(action)),
    );
    const Resource = 'arn:*:logs:*:*:log-group:*';
    expect(deleting).toEqual([
      {
        Sid: 'OnlyForDeletionPolicyLogGroupDelete',
        Effect: 'Allow',
        Action: 'logs:DeleteLogGroup',
        Resource,
        Condition: { StringLike: { 'aws:ResourceTag/bedrockmonitor.io/monitor': '*' } },
      },
      {
        Sid: 'OnlyForDeletionPolicyDataProtectionDelete',
        Effect: 'Allow',
        Action: 'logs:DeleteDataProtectionPolicy',
        Resource,
      },
    ]);
  });

  test('names every action in full', () => {
    expect([...allowed].filter((action) => !/^[a-z][a-z0-9-]*:[A-Za-z]+$/.test(action))).toEqual([]);
    expect(policy.Statement.map(({ Effect }) => Effect)).toEqual(policy.Statement.map(() => 'Allow'));
  });

  test('fits the 6,144 characters of a managed policy', () => {
    expect(JSON.stringify(policy).length).toBeLessThan(6144);
  });
});
