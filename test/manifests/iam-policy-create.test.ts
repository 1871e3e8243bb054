import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { operations } from '#src/aws/operations.ts';

interface Policy {
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
}

async function policyIn(file: string): Promise<Policy> {
  return JSON.parse(await readFile(new URL(`../../manifests/${file}`, import.meta.url), 'utf8'));
}

const policy = await policyIn('iam-policy-create.json');
const actions = policy.Statement.flatMap(({ Action }) => Action);

describe('manifests/iam-policy-create.json', () => {
  test('allows what making roles and buckets calls, not one action more or less', () => {
    const called = Object.entries(operations)
      .filter(([, operation]) => 'optional' in operation)
      .map(([action]) => action);
    // AWS checks it inside CreateBucket, for the tags.
    expect(actions.toSorted()).toEqual([...called, 's3:TagResource'].toSorted());
  });

  test('shares no action with the policy that every operator has', async () => {
    const usual = new Set((await policyIn('iam-policy.json')).Statement.flatMap(({ Action }) => Action));
    expect(actions.filter((action) => usual.has(action))).toEqual([]);
  });

  test('is for roles of one path, and buckets of one prefix', () => {
    expect(new Set(policy.Statement.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
    for (const { Action, Resource } of policy.Statement)
      expect(Resource).toBe(
        [Action].flat().every((action) => action.startsWith('iam:'))
          ? 'arn:*:iam::*:role/bedrockmonitor/*'
          : 'arn:*:s3:::bedrock-logging-*',
      );
  });

  test('keeps the actions apart that IAM lets a platform bind to a permissions boundary', () => {
    // "Actions, resources, and condition keys for IAM", service authorization reference: iam:PermissionsBoundary.
    const boundable = policy.Statement.find(({ Sid }) => Sid === 'RolesOnRequestWhereABoundaryCanBeDemanded');
    expect(boundable?.Action).toEqual([
      'iam:CreateRole',
      'iam:DeleteRolePolicy',
      'iam:PutRolePermissionsBoundary',
      'iam:PutRolePolicy',
    ]);
  });
});
