import { describe, expect, test } from 'vitest';
import { createClients } from '#src/aws/clients.ts';
import type { Input, OperationName, Output } from '#src/aws/operations.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import { failure, accountID as monitoring, region, simulated } from './clients.ts';

const source = '444455556666';
const metrics = 'AWS::CloudWatch::Metric';
const logs = 'AWS::Logs::LogGroup';
const { signal } = new AbortController();

type Call = <N extends OperationName>(name: N, input: Input<N>) => Promise<Output<N>>;

/** The operator's own client, as an account. */
function as(aws: Aws, account: string): Call {
  const clients = createClients(region, aws.account(account).credentials(), { requestHandler: aws.requestHandler });
  return (name, input) => clients.send(name, input, signal);
}

function policy(statement: object): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['oam:CreateLink', 'oam:UpdateLink'], Resource: '*', ...statement }],
  });
}
const admitting = (account: string, ...types: string[]) =>
  policy({
    Principal: { AWS: [account] },
    Condition: { 'ForAllValues:StringEquals': { 'oam:ResourceTypes': types } },
  });

async function withSink(options: Parameters<typeof simulated>[0] = {}) {
  const { aws, clock } = simulated(options);
  const there = as(aws, monitoring);
  const here = as(aws, source);
  const { Arn: SinkIdentifier = '' } = await there('oam:CreateSink', { Name: 'central', Tags: { team: 'ops' } });
  const link = (more: Partial<Input<'oam:CreateLink'>> = {}) =>
    here('oam:CreateLink', {
      LabelTemplate: '$AccountName',
      ResourceTypes: [metrics],
      SinkIdentifier,
      Tags: {},
      ...more,
    });
  return { aws, clock, there, here, SinkIdentifier, link };
}

describe('sinks', () => {
  test('an account and Region has one, and a read has its tags only if asked', async () => {
    const { there, SinkIdentifier } = await withSink();
    await expect(failure(there('oam:CreateSink', { Name: 'other', Tags: {} }))).resolves.toMatchObject({
      name: 'ConflictException',
      status: 409,
    });
    const bare = await there('oam:GetSink', { Identifier: SinkIdentifier });
    expect(bare).toEqual({ Arn: SinkIdentifier, Id: SinkIdentifier.split('/')[1], Name: 'central' });
    expect(await there('oam:GetSink', { Identifier: SinkIdentifier, IncludeTags: true })).toMatchObject({
      Tags: { team: 'ops' },
    });
    await there('oam:TagResource', { ResourceArn: SinkIdentifier, Tags: { stage: 'prod' } });
    expect(await there('oam:GetSink', { Identifier: SinkIdentifier, IncludeTags: true })).toMatchObject({
      Tags: { team: 'ops', stage: 'prod' },
    });
  });

  test('lists lag behind', async () => {
    const { there, clock } = await withSink({ consistency: { windowMs: 1000 } });
    expect((await there('oam:ListSinks', {})).Items).toEqual([]);
    await clock.advance(1000);
    expect((await there('oam:ListSinks', {})).Items).toHaveLength(1);
  });

  test('a policy is replaced whole, and there is none at first', async () => {
    const { there, SinkIdentifier } = await withSink();
    await expect(failure(there('oam:GetSinkPolicy', { SinkIdentifier }))).resolves.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await there('oam:PutSinkPolicy', { SinkIdentifier, Policy: admitting('777788889999', metrics) });
    await there('oam:PutSinkPolicy', { SinkIdentifier, Policy: admitting(source, metrics) });
    expect((await there('oam:GetSinkPolicy', { SinkIdentifier })).Policy).toBe(admitting(source, metrics));
    for (const Policy of ['no JSON', '{"Statement": []}', policy({ Principal: '*', Action: 's3:GetObject' })]) {
      await expect(failure(there('oam:PutSinkPolicy', { SinkIdentifier, Policy }))).resolves.toMatchObject({
        name: 'InvalidParameterException',
      });
    }
  });

  test('one with links is not deleted', async () => {
    const { there, here, link, SinkIdentifier } = await withSink();
    await there('oam:PutSinkPolicy', { SinkIdentifier, Policy: admitting(source, metrics) });
    const { Arn: Identifier = '' } = await link();
    expect((await there('oam:ListAttachedLinks', { SinkIdentifier })).Items).toEqual([
      { Label: `account-${source}`, LinkArn: Identifier, ResourceTypes: [metrics] },
    ]);
    await expect(failure(there('oam:DeleteSink', { Identifier: SinkIdentifier }))).resolves.toMatchObject({
      name: 'ConflictException',
    });
    await here('oam:DeleteLink', { Identifier });
    await there('oam:DeleteSink', { Identifier: SinkIdentifier });
    await expect(failure(there('oam:GetSink', { Identifier: SinkIdentifier }))).resolves.toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
  });
});

describe('links', () => {
  test('only whom the sink admits, and only with the types that it admits', async () => {
    const { there, link, SinkIdentifier } = await withSink();
    const refusal = { name: 'AccessDeniedException', status: 403 };
    await expect(failure(link())).resolves.toMatchObject(refusal);
    await there('oam:PutSinkPolicy', { SinkIdentifier, Policy: admitting('777788889999', metrics) });
    await expect(failure(link())).resolves.toMatchObject(refusal);
    await there('oam:PutSinkPolicy', { SinkIdentifier, Policy: admitting(source, metrics) });
    await expect(failure(link({ ResourceTypes: [metrics, logs] }))).resolves.toMatchObject(refusal);
    expect(await link()).toMatchObject({ Label: `account-${source}`, SinkArn: SinkIdentifier });
    await expect(failure(link())).resolves.toMatchObject({ name: 'ConflictException' });
  });

  test('an organisation admits its accounts', async () => {
    const { aws, there, link, SinkIdentifier } = await withSink();
    const Policy = policy({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } });
    await there('oam:PutSinkPolicy', { SinkIdentifier, Policy });
    await expect(failure(link())).resolves.toMatchObject({ name: 'AccessDeniedException' });
    aws.account(source).state.organization = 'o-a1b2c3d4e5';
    await link();
  });

  test('an update replaces the types, keeps a filter that it does not name, and * clears one', async () => {
    const { there, here, link, SinkIdentifier } = await withSink();
    await there('oam:PutSinkPolicy', { SinkIdentifier, Policy: admitting(source, metrics, logs) });
    const { Arn: Identifier = '' } = await link({
      ResourceTypes: [metrics, logs],
      LinkConfiguration: { MetricConfiguration: { Filter: "Namespace = 'AWS/Bedrock'" } },
    });
    await here('oam:UpdateLink', { Identifier, ResourceTypes: [metrics] });
    const kept = await here('oam:GetLink', { Identifier });
    expect(kept).toMatchObject({
      ResourceTypes: [metrics],
      LinkConfiguration: { MetricConfiguration: { Filter: "Namespace = 'AWS/Bedrock'" } },
    });
    const LinkConfiguration = { MetricConfiguration: { Filter: '*' } };
    await here('oam:UpdateLink', { Identifier, ResourceTypes: [metrics], LinkConfiguration });
    expect(await here('oam:GetLink', { Identifier })).not.toHaveProperty('LinkConfiguration');
  });

  test('a sixth is over the quota, which has the status of throttling', async () => {
    const { aws, link } = await withSink();
    const linked = async (other: string) => {
      const there = as(aws, other.repeat(12));
      const { Arn: SinkIdentifier = '' } = await there('oam:CreateSink', { Name: 'central', Tags: {} });
      await there('oam:PutSinkPolicy', { SinkIdentifier, Policy: admitting(source, metrics) });
      return link({ SinkIdentifier });
    };
    for (const other of ['1', '2', '3', '4', '5']) await linked(other);
    await expect(failure(linked('6'))).resolves.toMatchObject({ name: 'ServiceQuotaExceededException', status: 429 });
  });

  test('there is none to a sink that is not there, nor to one of the same account', async () => {
    const { there, link, SinkIdentifier } = await withSink();
    await expect(failure(link({ SinkIdentifier: `${SinkIdentifier}0` }))).resolves.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const input = { LabelTemplate: 'x', ResourceTypes: [metrics], SinkIdentifier, Tags: {} };
    await expect(failure(there('oam:CreateLink', input))).resolves.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('sharing takes a permission of each service', async () => {
    const { aws, there, link, SinkIdentifier } = await withSink();
    await there('oam:PutSinkPolicy', { SinkIdentifier, Policy: admitting(source, metrics, logs) });
    aws.deny(source, 'logs:Link');
    await expect(failure(link({ ResourceTypes: [metrics, logs] }))).resolves.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('logs:Link'),
    });
    await link({ ResourceTypes: [metrics] });
  });
});
