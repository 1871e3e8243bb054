import { describe, expect, test } from 'vitest';
import type { FieldIndexPolicy } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { region, signal, stage } from './stage.ts';

const logGroup = '/aws/bedrock/production';
const mark = 'bedrockmonitor_prod_genai_production';
const policy: FieldIndexPolicy = { kind: 'FieldIndexPolicy', name: logGroup, fields: ['modelId', 'requestId'] };

function prepare(on: Stage): void {
  on.account.logGroup(region, { name: logGroup });
}

function put(on: Stage, document: object): void {
  const group = on.region.logGroups.get(logGroup);
  if (group) group.indexPolicy = { document: JSON.stringify(document), lastUpdateTime: 0 };
}

const stored = (on: Stage) => JSON.parse(on.region.logGroups.get(logGroup)?.indexPolicy?.document ?? '{}');

keepsItsPromises({
  kind: 'FieldIndexPolicy',
  prepare,
  desired: () => policy,
  edited: () => ({ ...policy, fields: ['modelId', 'operation'] }),
  edit: ['fields'],
  foreign: (on) => put(on, { Fields: [], FieldsV2: { modelId: { type: 'FACET' } } }),
  mark,
  undeclared(on) {
    const { Fields = [] } = stored(on);
    const others = Fields.filter((field: string) => field !== 'modelId');
    put(on, { Fields: others, FieldsV2: { modelId: { type: 'FACET' } } });
    return () => stored(on).FieldsV2;
  },
});

describe('FieldIndexPolicy', () => {
  const { observe, apply } = {
    observe: (on: Stage) => on.run(on.handlers().FieldIndexPolicy.observe(policy, 'Always', signal)),
    apply: async (on: Stage) => {
      const { FieldIndexPolicy } = on.handlers();
      return FieldIndexPolicy.apply(policy, await on.run(FieldIndexPolicy.observe(policy, 'Always', signal)), signal);
    },
  };

  test('the mark is a field that no record has, and is not shown among the fields', async () => {
    const on = stage();
    prepare(on);
    await on.run(apply(on));
    await on.settle();
    expect(stored(on)).toEqual({ Fields: ['modelId', 'requestId', mark] });
    expect(await observe(on)).toMatchObject({ resource: { fields: ['modelId', 'requestId'] } });
  });

  test('fields of others are not lost by adopting: the spec must name them', async () => {
    const on = stage();
    prepare(on);
    put(on, { Fields: ['modelId', 'sessionId'] });
    expect(await on.failure(apply(on))).toMatchObject({
      reason: 'NotOwned',
      message: expect.stringMatching(/sessionId\. Add them to fieldIndexes/),
    });
    expect(stored(on)).toEqual({ Fields: ['modelId', 'sessionId'] });
  });

  test('what the account indexes is not put out of force', async () => {
    const on = stage();
    prepare(on);
    on.region.accountIndexPolicy = { name: 'all', document: '{"Fields":["traceId"]}', createdAt: 0 };
    expect(await observe(on)).toBeUndefined();
    expect(await on.failure(apply(on))).toMatchObject({
      message: expect.stringMatching(/policy all of the account.*traceId/),
    });
    on.region.accountIndexPolicy = { name: 'all', document: '{"Fields":["modelId"]}', createdAt: 0 };
    await on.run(apply(on));
    expect(stored(on).Fields).toContain(mark);
  });

  test("another monitor's policy is seen as its own", async () => {
    const on = stage();
    prepare(on);
    put(on, { Fields: ['modelId', 'bedrockmonitor_prod_other_monitor'] });
    expect(await observe(on)).toMatchObject({ mark: { state: 'Owned', by: 'bedrockmonitor_prod_other_monitor' } });
  });

  test('what others index beside ours is put right like any drift', async () => {
    const on = stage();
    prepare(on);
    put(on, { Fields: ['modelId', 'requestId', 'sessionId', mark] });
    await on.run(apply(on));
    expect(stored(on)).toEqual({ Fields: ['modelId', 'requestId', mark] });
  });
});
