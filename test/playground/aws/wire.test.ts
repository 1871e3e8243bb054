import {
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutQueryDefinitionCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import type { Aws } from '#src/playground/aws/simulator.ts';
import { accountID, type Clients, clientsOf, failure, region, simulated } from './clients.ts';

/** One pass over every protocol with the real SDK; the two mounts must answer alike. */
async function tour(aws: Aws, { bedrock, monitoring, logs, sts }: Clients) {
  const role = aws.account(accountID).loggingRole({ name: 'bedrock', region, logGroup: '/aws/bedrock' });
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/bedrock', tags: { team: 'search' } }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: '/aws/bedrock', retentionInDays: 90 }));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/bed' }));
  const { queryDefinitionId } = await logs.send(
    new PutQueryDefinitionCommand({ name: 'latest', queryString: 'fields @message', logGroupNames: ['/aws/bedrock'] }),
  );
  await bedrock.send(
    new PutModelInvocationLoggingConfigurationCommand({
      loggingConfig: {
        cloudWatchConfig: { logGroupName: '/aws/bedrock', roleArn: role.arn },
        textDataDeliveryEnabled: true,
      },
    }),
  );
  const { loggingConfig } = await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}));
  await bedrock.send(new DeleteModelInvocationLoggingConfigurationCommand({}));
  const off = await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}));
  await monitoring.send(
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      Namespace: 'AWS/Bedrock',
      MetricName: 'InvocationServerErrors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 5,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  const { MetricAlarms } = await monitoring.send(new DescribeAlarmsCommand({ AlarmNames: ['errors'] }));
  await monitoring.send(new DeleteAlarmsCommand({ AlarmNames: ['errors'] }));
  await monitoring.send(new PutDashboardCommand({ DashboardName: 'd', DashboardBody: '{"widgets":[]}' }));
  const { DashboardBody } = await monitoring.send(new GetDashboardCommand({ DashboardName: 'd' }));
  const identity = await sts.send(new GetCallerIdentityCommand({}));
  return {
    logGroup: logGroups?.[0],
    hasID: typeof queryDefinitionId === 'string',
    loggingConfig,
    off: off.loggingConfig,
    alarm: MetricAlarms?.[0],
    DashboardBody,
    identity: { Account: identity.Account, Arn: identity.Arn },
    missingDashboard: await failure(monitoring.send(new GetDashboardCommand({ DashboardName: 'none' }))),
    missingGroup: await failure(
      logs.send(new PutRetentionPolicyCommand({ logGroupName: '/none', retentionInDays: 90 })),
    ),
    noLogging: await failure(
      bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig: undefined })),
    ),
    noRole: await failure(
      sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountID}:role/none`, RoleSessionName: 'session' })),
    ),
  };
}

describe('the wire', () => {
  test('real SDK clients work through requestHandler', async () => {
    const { aws, ...clients } = simulated();

    const seen = await tour(aws, clients);

    expect(seen.logGroup).toMatchObject({
      logGroupName: '/aws/bedrock',
      retentionInDays: 90,
      arn: `arn:aws:logs:us-east-1:${accountID}:log-group:/aws/bedrock:*`,
      logGroupArn: `arn:aws:logs:us-east-1:${accountID}:log-group:/aws/bedrock`,
    });
    expect(seen.loggingConfig).toMatchObject({ textDataDeliveryEnabled: true });
    expect(seen.off).toBeUndefined();
    expect(seen.alarm).toMatchObject({ AlarmName: 'errors', StateValue: 'INSUFFICIENT_DATA' });
    expect(seen.alarm?.StateUpdatedTimestamp).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(seen.DashboardBody).toBe('{"widgets":[]}');
    expect(seen.identity).toEqual({ Account: accountID, Arn: `arn:aws:iam::${accountID}:user/operator` });
    expect(seen.missingDashboard).toEqual({
      name: 'ResourceNotFound',
      message: 'Dashboard none does not exist',
      status: 404,
    });
    expect(seen.missingGroup).toMatchObject({ name: 'ResourceNotFoundException', status: 400 });
    expect(seen.noLogging).toMatchObject({ name: 'ValidationException', status: 400 });
    expect(seen.noRole).toMatchObject({ name: 'AccessDenied', status: 403 });
  });

  test('and through a loopback server, with the same answers', async () => {
    const direct = simulated();
    const { aws } = simulated();
    const server = await aws.listen();
    try {
      const overHttp = await tour(aws, clientsOf(aws, { endpoint: server.url }));
      expect(overHttp).toEqual(await tour(direct.aws, direct));
      expect(aws.snapshot()).toEqual(direct.aws.snapshot());
    } finally {
      await server.close();
    }
  });

  test('without query mode the shape name is the error', async () => {
    const { aws } = simulated();
    const server = await aws.listen();
    try {
      const { accessKeyId } = aws.account(accountID).credentials();
      const ask = async (mode: Readonly<Record<string, string>>) => {
        const response = await fetch(server.url, {
          method: 'POST',
          headers: {
            authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/monitoring/aws4_request, SignedHeaders=host, Signature=0`,
            'x-amz-target': 'GraniteServiceVersion20100801.GetDashboard',
            ...mode,
          },
          body: '{"DashboardName":"none"}',
        });
        return { header: response.headers.get('x-amzn-query-error'), body: await response.json() };
      };
      expect(await ask({ 'x-amzn-query-mode': 'true' })).toMatchObject({ header: 'ResourceNotFound;Sender' });
      expect(await ask({})).toMatchObject({
        header: null,
        body: { __type: 'com.amazonaws.cloudwatch#DashboardNotFoundError' },
      });
    } finally {
      await server.close();
    }
  });
});
