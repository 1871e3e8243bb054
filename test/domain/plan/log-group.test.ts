import { describe, expect, test } from 'vitest';
import { planLogGroups } from '#src/domain/plan/log-group.ts';
import { facts, logging, planned, role, spec } from './given.ts';

describe('log groups', () => {
  test('the smallest declaration: protected, tagged, and nothing said about retention, class or key', () => {
    expect(planLogGroups(spec({ invocationLogging: logging }), facts()).resources).toEqual([
      {
        resource: {
          kind: 'LogGroup',
          name: '/aws/bedrock/production',
          management: 'Managed',
          deletionProtection: 'Enabled',
          tags: { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production' },
        },
        part: 'Logging',
        path: 'invocationLogging/logGroup',
        after: [],
      },
    ]);
  });

  test('what is written is planned as written', () => {
    const logGroup = {
      name: '/aws/bedrock/clinical',
      retentionInDays: 2557,
      kmsKeyARN: 'arn:aws:kms:us-east-1:111122223333:key/1a2b3c4d',
      class: 'InfrequentAccess',
      deletionProtection: 'Disabled',
    } as const;
    const given = spec({
      tags: { team: 'search' },
      invocationLogging: { ...logging, cloudWatchLogs: { logGroup, role } },
    });
    expect(planned('LogGroup', planLogGroups(given, facts()))).toEqual([
      {
        kind: 'LogGroup',
        management: 'Managed',
        ...logGroup,
        tags: {
          team: 'search',
          'bedrockmonitor.io/cluster': 'test',
          'bedrockmonitor.io/monitor': 'genai/production',
        },
      },
    ]);
  });

  test('our tags cannot be written over: they are the mark', () => {
    const tags = { 'bedrockmonitor.io/monitor': 'other/monitor' };
    expect(planned('LogGroup', planLogGroups(spec({ tags, invocationLogging: logging }), facts()))[0]?.tags).toEqual({
      'bedrockmonitor.io/cluster': 'test',
      'bedrockmonitor.io/monitor': 'genai/production',
    });
  });

  test('of an Unmanaged group nothing is declared but its name: not even tags', () => {
    const logGroup = { name: '/theirs', management: 'Unmanaged' } as const;
    const given = spec({
      tags: { team: 'search' },
      invocationLogging: { ...logging, cloudWatchLogs: { logGroup, role } },
    });
    expect(planned('LogGroup', planLogGroups(given, facts()))).toEqual([
      { kind: 'LogGroup', name: '/theirs', management: 'Unmanaged', tags: {} },
    ]);
  });

  test('the findings group belongs to data protection', () => {
    const given = spec({
      invocationLogging: logging,
      dataProtection: {
        identifiers: ['EmailAddress'],
        findings: { logGroup: { name: '/findings', retentionInDays: 'NeverExpire' } },
      },
    });
    const paths = planLogGroups(given, facts()).resources?.map((one) => [one.resource.name, one.part, one.path]);
    expect(paths).toEqual([
      ['/aws/bedrock/production', 'Logging', 'invocationLogging/logGroup'],
      ['/findings', 'DataProtection', 'dataProtection/findings/logGroup'],
    ]);
  });

  test('records that go to S3 alone need no group', () => {
    const given = spec({ invocationLogging: { dataTypes: [], s3: { bucket: { name: 'records' } } } });
    expect(planLogGroups(given, facts()).resources).toEqual([]);
  });
});
