import {
  DeleteQueryDefinitionCommand,
  DescribeQueryDefinitionsCommand,
  PutQueryDefinitionCommand,
  type PutQueryDefinitionCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { failure, simulated, unlisted } from './clients.ts';

const query = { name: 'team/latest', queryString: 'fields @message', logGroupNames: ['/aws/bedrock'] };

function definitions() {
  const { aws, clock, logs } = simulated();
  return {
    aws,
    clock,
    put: async (input: Partial<PutQueryDefinitionCommandInput> = {}) =>
      (await logs.send(new PutQueryDefinitionCommand({ ...query, ...input }))).queryDefinitionId,
    list: async (queryDefinitionNamePrefix?: string) =>
      (
        await logs.send(
          new DescribeQueryDefinitionsCommand({ ...(queryDefinitionNamePrefix && { queryDefinitionNamePrefix }) }),
        )
      ).queryDefinitions ?? [],
    remove: (queryDefinitionId: string) => logs.send(new DeleteQueryDefinitionCommand({ queryDefinitionId })),
  };
}

describe('query definitions', () => {
  test('names are not unique: each put without an ID makes another', async () => {
    const { put, list } = definitions();
    const [one, two] = [await put(), await put()];
    expect(one).not.toBe(two);
    expect((await list('team/')).map((found) => found.name)).toEqual(['team/latest', 'team/latest']);
    expect(await list('latest')).toEqual([]);
  });

  test('an update needs the ID and replaces everything: omitted log groups are cleared', async () => {
    const { put, list } = definitions();
    const queryDefinitionId = await put();
    await put({ queryDefinitionId: queryDefinitionId ?? '', name: 'renamed', logGroupNames: undefined });
    expect(await list()).toEqual([
      expect.objectContaining({ queryDefinitionId, name: 'renamed', logGroupNames: [], queryLanguage: 'CWLI' }),
    ]);
    await expect(failure(put({ queryDefinitionId: 'unknown' }))).resolves.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('a repeated client token changes nothing while its definition is there', async () => {
    const { clock, put, list, remove } = definitions();
    const clientToken = 'a'.repeat(36);
    const id = await put({ clientToken });
    expect(await put({ clientToken })).toBe(id);
    expect(await list()).toHaveLength(1);
    await expect(failure(put({ clientToken, queryString: 'other' }))).resolves.toMatchObject({
      name: 'InvalidParameterException',
    });
    await remove(id ?? '');
    const again = await put({ clientToken });
    expect(again).not.toBe(id);
    await clock.advance(60 * 60 * 1000);
    expect(await put({ clientToken })).not.toBe(again);
    await expect(failure(put({ clientToken: 'short' }))).resolves.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('delete answers success, and then not found', async () => {
    const { put, remove } = definitions();
    const id = (await put()) ?? '';
    expect((await remove(id)).success).toBe(true);
    await expect(failure(remove(id))).resolves.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test.each<[string, Partial<PutQueryDefinitionCommandInput>]>([
    ['a leading slash', { name: '/x' }],
    ['a colon', { name: 'a:b' }],
    ['more than 255 characters of name', { name: 'n'.repeat(256) }],
    ['more than 10,000 characters of query', { queryString: 'q'.repeat(10_001) }],
    ['an unknown language', { queryLanguage: unlisted<'SQL'>('KQL') }],
    ['parameters of another language', { queryLanguage: 'PPL', parameters: [{ name: 'team' }] }],
    ['a parameter with a blank in its name', { parameters: [{ name: 'a b' }] }],
    ['51 log groups', { logGroupNames: Array.from({ length: 51 }, (_, i) => `/g${i}`) }],
  ])('refuses %s', async (_reason, input) => {
    const { put, list } = definitions();
    await expect(failure(put(input))).resolves.toMatchObject({ name: 'InvalidParameterException', status: 400 });
    expect(await list()).toEqual([]);
  });

  test('a snapshot does not know generated IDs', async () => {
    const one = definitions();
    const other = definitions();
    await one.put();
    await other.remove((await other.put({ name: 'passing' })) ?? '');
    await other.put();
    expect(other.aws.snapshot()).toEqual(one.aws.snapshot());
    await other.put({ name: 'more' });
    expect(other.aws.snapshot()).not.toEqual(one.aws.snapshot());
  });
});
