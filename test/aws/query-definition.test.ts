import { describe, expect, test } from 'vitest';
import { ownerMark } from '#src/domain/owner.ts';
import type { QueryDefinition } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { owner, signal, stage, written } from './stage.ts';

const name = 'bedrockmonitor/prod/genai/production/latest';
const ref = { kind: 'QueryDefinition', name } as const;
const query: QueryDefinition = {
  ...ref,
  queryString: 'filter schemaType = "ModelInvocationLog"\n| limit 100',
  queryLanguage: 'CWLI',
  logGroupNames: ['/aws/bedrock/a', '/aws/bedrock/b'],
};
const mark = '# bedrockmonitor prod/genai/production';

keepsItsPromises({
  kind: 'QueryDefinition',
  desired: () => query,
  edited: () => ({ ...query, queryString: 'limit 5', logGroupNames: ['/aws/bedrock/a'] }),
  edit: ['queryString', 'logGroupNames'],
  foreign: (on) => seed(on, 'q-0', 'limit 1'),
  mark: ownerMark(owner),
  undeclared(on) {
    const [found] = on.region.queryDefinitions.values();
    if (found) found.parameters = [{ name: 'model' }];
    return () => [...on.region.queryDefinitions.values()][0]?.parameters;
  },
});

describe('QueryDefinition', () => {
  test.each([
    ['CWLI', mark],
    ['SQL', '/* bedrockmonitor prod/genai/production */'],
    ['PPL', '/* bedrockmonitor prod/genai/production */'],
  ] as const)('the mark of a %s query is a comment in its first line', async (queryLanguage, first) => {
    const on = stage();
    const desired: QueryDefinition = {
      ...query,
      queryLanguage,
      logGroupNames: queryLanguage === 'SQL' ? [] : query.logGroupNames,
    };
    await on.run(on.handlers().QueryDefinition.apply(desired, undefined, signal));
    const [stored] = on.region.queryDefinitions.values();
    expect(stored?.queryString).toBe(`${first}\n${query.queryString}`);
    expect(on.handlers().QueryDefinition.diff(desired, await look(on))).toEqual([]);
  });

  test('of several queries of ours the lowest ID is kept, the others are deleted', async () => {
    const on = stage();
    for (const id of ['q-3', 'q-1', 'q-2']) seed(on, id, `${mark}\n${query.queryString}`, query.logGroupNames);
    const { QueryDefinition } = on.handlers();
    const found = await look(on);
    expect(found.id).toBe('q-1');
    expect(QueryDefinition.diff(query, found)).toEqual([{ path: 'copies', from: 2, to: 0 }]);
    expect(await on.run(QueryDefinition.apply(query, found, signal))).toEqual({ ...ref, id: 'q-1' });
    expect([...on.region.queryDefinitions.keys()]).toEqual(['q-1']);
  });

  test("ours is found beside somebody else's of the same name", async () => {
    const on = stage();
    seed(on, 'q-0', 'limit 1');
    seed(on, 'q-9', `${mark}\n${query.queryString}`, query.logGroupNames);
    expect(await look(on)).toMatchObject({ id: 'q-9', mark: { state: 'Owned' } });
    expect(on.handlers().QueryDefinition.diff(query, await look(on))).toEqual([]);
  });

  test('an unmarked query is taken over under its ID, so that no twin appears', async () => {
    const on = stage();
    seed(on, 'q-7', 'limit 1');
    const found = await look(on);
    expect(found).toMatchObject({ id: 'q-7', mark: { state: 'None' } });
    expect(found.notAdoptable).toBeUndefined();
    expect(await on.run(on.handlers().QueryDefinition.apply(query, found, signal))).toEqual({ ...ref, id: 'q-7' });
    expect([...on.region.queryDefinitions.values()]).toMatchObject([{ queryString: `${mark}\n${query.queryString}` }]);
  });

  test('of several unmarked queries none is taken over', async () => {
    const on = stage();
    for (const id of ['q-2', 'q-1']) seed(on, id, 'limit 1');
    expect(await look(on)).toMatchObject({
      mark: { state: 'None' },
      notAdoptable: expect.stringContaining('There are 2 saved queries of that name'),
    });
  });

  test("another monitor's query of that name bars it, whatever else has the name", async () => {
    const on = stage();
    seed(on, 'q-1', 'limit 1');
    seed(on, 'q-2', '# bedrockmonitor prod/other/monitor\nlimit 1');
    expect(await look(on)).toMatchObject({ id: 'q-2', mark: { state: 'Owned', by: 'prod/other/monitor' } });
  });

  test("a delete leaves somebody else's query of the same name", async () => {
    const on = stage();
    seed(on, 'q-0', 'limit 1');
    for (const id of ['q-8', 'q-9']) seed(on, id, `${mark}\n${query.queryString}`);
    await on.run(on.handlers().QueryDefinition.delete(ref, await look(on), signal));
    expect([...on.region.queryDefinitions.keys()]).toEqual(['q-0']);
  });

  test('a create whose answer is lost makes one query, not two', async () => {
    const on = stage();
    on.aws.fault({ operation: 'PutQueryDefinition' }, { kind: 'Reset', effect: 'After' });
    await on.run(on.handlers().QueryDefinition.apply(query, undefined, signal));
    expect(written(on.aws)).toHaveLength(2);
    expect(on.region.queryDefinitions.size).toBe(1);
  });

  test('a create for another content has another token', async () => {
    const on = stage();
    await on.run(on.handlers().QueryDefinition.apply(query, undefined, signal));
    await on.run(on.handlers().QueryDefinition.apply({ ...query, queryString: 'limit 1' }, undefined, signal));
    const tokens = on.aws.writes().map(({ input }) => input['clientToken']);
    expect(new Set(tokens).size).toBe(2);
  });

  test('an update names all log groups: AWS clears what it leaves out', async () => {
    const on = stage();
    seed(on, 'q-1', `${mark}\nlimit 1`, query.logGroupNames);
    await on.run(on.handlers().QueryDefinition.apply(query, await look(on), signal));
    expect(on.region.queryDefinitions.get('q-1')?.logGroupNames).toEqual(query.logGroupNames);
  });

  test('a query that a person renamed is found by its ID and named as declared again', async () => {
    const on = stage();
    seed(on, 'q-1', `${mark}\n${query.queryString}`, query.logGroupNames, 'renamed');
    const { QueryDefinition } = on.handlers();
    const found = await on.run(QueryDefinition.observe({ ...ref, id: 'q-1' }, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    expect(QueryDefinition.diff(query, found)).toEqual([{ path: 'name', from: 'renamed', to: name }]);
    await on.run(QueryDefinition.apply(query, found, signal));
    expect(on.region.queryDefinitions.get('q-1')).toMatchObject({ name });
  });

  test('declared parameters are compared, in any order, and put; those that are not declared stay', async () => {
    const on = stage();
    const { QueryDefinition } = on.handlers();
    const days = { name: 'days', defaultValue: '7' };
    const team = { name: 'team', description: 'Whose' };
    const desired = { ...query, parameters: [days, team] };
    await on.run(QueryDefinition.apply(desired, undefined, signal));
    const stored = () => [...on.region.queryDefinitions.values()][0];
    expect(stored()?.parameters).toEqual([days, team]);
    expect(QueryDefinition.diff({ ...query, parameters: [team, days] }, await look(on))).toEqual([]);
    expect(QueryDefinition.diff(query, await look(on))).toEqual([]);

    const edited = { ...query, parameters: [{ ...days, defaultValue: '1' }] };
    expect(QueryDefinition.diff(edited, await look(on))).toEqual([
      { path: 'parameters.days.defaultValue', from: '7', to: '1' },
      { path: 'parameters.team', from: team, to: undefined },
    ]);
    await on.run(QueryDefinition.apply({ ...query, queryString: 'limit 3' }, await look(on), signal));
    expect(stored()).toMatchObject({ parameters: [days, team] });
    await on.run(QueryDefinition.apply({ ...query, parameters: [] }, await look(on), signal));
    expect(stored()?.parameters).toEqual([]);
  });

  test('a query that leaves CWLI leaves its parameters: AWS takes none elsewhere', async () => {
    const on = stage();
    const { QueryDefinition } = on.handlers();
    await on.run(QueryDefinition.apply({ ...query, parameters: [{ name: 'days' }] }, undefined, signal));
    await on.run(QueryDefinition.apply({ ...query, queryLanguage: 'PPL' }, await look(on), signal));
    expect([...on.region.queryDefinitions.values()]).toMatchObject([{ queryLanguage: 'PPL', parameters: undefined }]);
  });

  test('the order of log groups does not count', async () => {
    const on = stage();
    seed(on, 'q-1', `${mark}\n${query.queryString}`, [...query.logGroupNames].reverse());
    expect(on.handlers().QueryDefinition.diff(query, await look(on))).toEqual([]);
  });

  test('queries asked for at one moment are one listing', async () => {
    const on = stage();
    const { QueryDefinition } = on.handlers();
    const names = [name, 'bedrockmonitor/prod/genai/production/errors'];
    await on.run(
      Promise.all(
        names.map((one) => QueryDefinition.observe({ kind: 'QueryDefinition', name: one }, 'IfFree', signal)),
      ),
    );
    expect(on.aws.calls).toMatchObject([
      { input: { queryDefinitionNamePrefix: 'bedrockmonitor/prod/genai/production/' } },
    ]);
  });

  test('without inventory the queries are found by the prefix of their names', async () => {
    const on = stage();
    seed(on, 'q-1', 'limit 1');
    seed(on, 'q-2', 'limit 1', [], 'bedrockmonitor/prod/genai/other/latest');
    expect(await on.run(on.handlers().QueryDefinition.find?.(owner, signal) ?? Promise.resolve([]))).toEqual([
      { ...ref, id: 'q-1' },
    ]);
  });
});

function seed(on: Stage, id: string, queryString: string, logGroupNames: readonly string[] = [], as = name): void {
  on.region.queryDefinitions.set(id, {
    queryDefinitionId: id,
    name: as,
    queryString,
    queryLanguage: 'CWLI',
    logGroupNames,
    parameters: undefined,
    lastModified: 0,
  });
}

async function look(on: Stage) {
  await on.settle();
  const found = await on.run(on.handlers().QueryDefinition.observe(ref, 'Always', signal));
  if (found === undefined) throw new Error('absent');
  return found;
}
