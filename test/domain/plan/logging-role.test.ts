import { describe, expect, test } from 'vitest';
import { roleName } from '#src/domain/names.ts';
import { planInvocationLogging } from '#src/domain/plan/invocation-logging.ts';
import { planLoggingRole } from '#src/domain/plan/logging-role.ts';
import type { Facts } from '#src/domain/plan.ts';
import { plan } from '#src/domain/plan.ts';
import { facts, logging, planned, remarks, spec } from './given.ts';

const given = (changes: Partial<Facts> = {}) => facts({ features: new Set(['LoggingRole']), ...changes });
const asking = (create: object = {}) =>
  spec({
    tags: { team: 'search' },
    invocationLogging: { ...logging, cloudWatchLogs: { ...logging.cloudWatchLogs, role: { create } } },
  });

describe('the role that Bedrock writes with', () => {
  test('{} gives the exact trust and permission, a derived name, the default path and the mark', () => {
    expect(planned('LoggingRole', planLoggingRole(asking(), given()))).toEqual([
      {
        kind: 'LoggingRole',
        name: 'bedrockmonitor_genai_production_c42ca0ec',
        path: '/bedrockmonitor/',
        trust: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'bedrock.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: {
                StringEquals: { 'aws:SourceAccount': '111122223333' },
                ArnLike: { 'aws:SourceArn': 'arn:aws:bedrock:us-east-1:111122223333:*' },
              },
            },
          ],
        },
        permissions: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource:
                'arn:aws:logs:us-east-1:111122223333:log-group:/aws/bedrock/production:log-stream:aws/bedrock/modelinvocations',
            },
          ],
        },
        tags: { team: 'search', 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production' },
      },
    ]);
  });

  test('name, path and boundary are taken as written', () => {
    const permissionsBoundaryARN = 'arn:aws:iam::111122223333:policy/boundary';
    const create = { name: 'Writer', path: '/team/', permissionsBoundaryARN };
    expect(planned('LoggingRole', planLoggingRole(asking(create), given()))[0]).toMatchObject(create);
  });

  test('its ARN is known without AWS, and logging waits for it', () => {
    const { resources = [] } = planInvocationLogging(asking({ name: 'Writer', path: '/team/' }), given());
    expect(resources[0]).toMatchObject({
      resource: {
        configuration: { cloudWatchConfig: { roleArn: 'arn:aws:iam::111122223333:role/team/Writer' } },
      },
      after: [
        { kind: 'LogGroup', name: '/aws/bedrock/production' },
        { kind: 'LoggingRole', name: 'Writer' },
      ],
    });
  });

  test('in another partition everything is of that partition', () => {
    const place = { accountID: '111122223333', region: 'cn-north-1', partition: 'aws-cn' };
    const [role] = planned('LoggingRole', planLoggingRole(asking(), given({ place })));
    expect(JSON.stringify(role)).not.toContain('arn:aws:');
    expect(JSON.stringify(role)).toContain('arn:aws-cn:bedrock:cn-north-1:111122223333:*');
  });

  test('a role that exists is not planned', () => {
    expect(planLoggingRole(spec({ invocationLogging: logging }), given())).toEqual({});
  });

  test('where the platform did not switch it on: said once, with the flag and the policy file, and nothing is pruned', () => {
    const whole = plan(asking(), facts());
    expect(planned('LoggingRole', whole)).toEqual([]);
    expect(planned('InvocationLogging', whole)).toEqual([]);
    expect(planned('LogGroup', whole)).toHaveLength(1);
    expect(remarks(whole)).toEqual(['FeatureDisabled invocationLogging/role']);
    expect(whole.remarks[0]?.message).toMatch(/--features=LoggingRole .*manifests\/iam-policy-create\.json/);
    expect(whole.keep).toContain('Logging');
  });
});

test('the name of a role is at most 64 characters, and another for each cluster, account, Region and monitor', () => {
  const { owner, place } = facts();
  const long = { ...owner, namespace: 'n'.repeat(63), name: 'm'.repeat(63) };
  expect(roleName(long, place)).toHaveLength(64);
  const names = [
    roleName(owner, place),
    roleName({ ...owner, cluster: 'other' }, place),
    roleName(owner, { ...place, accountID: '444455556666' }),
    roleName(owner, { ...place, region: 'eu-west-1' }),
    roleName({ ...owner, name: 'other' }, place),
    roleName(long, place),
    roleName({ ...long, name: `${'m'.repeat(62)}x` }, place),
  ];
  expect(new Set(names).size).toBe(names.length);
});
