import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LuaFactory } from 'wasmoon';

const script = await readFile(new URL('../../manifests/argocd/health.lua', import.meta.url), 'utf8');
const factory = new LuaFactory();

/** Runs the script as Argo CD does: the object is the global `obj`, the answer what it returns. */
async function health(obj: unknown): Promise<unknown> {
  const lua = await factory.createEngine();
  try {
    return await lua.doString(`obj = (${luaLiteral(obj)})\n${script}`);
  } finally {
    lua.global.close();
  }
}

/** Argo CD hands over plain Lua tables, with absent members for null. */
function luaLiteral(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(luaLiteral).join(', ')}}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'nil';
  return `{${Object.entries(value)
    .map(([name, member]) => `[${JSON.stringify(name)}] = ${luaLiteral(member)}`)
    .join(', ')}}`;
}

type Condition = readonly [type: string, status: string, reason: string];

function monitor(conditions: readonly Condition[], observedGeneration = 2): unknown {
  return {
    metadata: { generation: 2 },
    status: {
      observedGeneration,
      conditions: conditions.map(([type, status, reason]) => ({ type, status, reason, message: 'why' })),
    },
  };
}

const deleting = {
  metadata: { generation: 2, deletionTimestamp: '2026-01-01T00:00:00Z' },
  status: { observedGeneration: 2, conditions: [{ type: 'Ready', status: 'True', reason: 'InSync', message: 'why' }] },
};

test.each([
  ['no operator has seen it', { metadata: { generation: 1 }, status: { observedGeneration: -1 } }, 'Progressing', ''],
  ['it has no status at all', { metadata: { generation: 1 } }, 'Progressing', ''],
  ['the status is of an older spec', monitor([['Ready', 'True', 'InSync']], 1), 'Progressing', ''],
  ['it is being deleted', deleting, 'Progressing', ''],
  ['it is in sync', monitor([['Ready', 'True', 'InSync']]), 'Healthy', 'InSync: why'],
  [
    'a pass is under way',
    monitor([
      ['Ready', 'False', 'Paced'],
      ['Reconciling', 'True', 'Paced'],
    ]),
    'Progressing',
    'Paced: why',
  ],
  [
    'somebody must act',
    monitor([
      ['Ready', 'False', 'Conflict'],
      ['Stalled', 'True', 'Conflict'],
    ]),
    'Degraded',
    'Conflict: why',
  ],
  [
    'records do not arrive',
    monitor([
      ['Ready', 'True', 'InSync'],
      ['Delivering', 'False', 'DeliveryFailing'],
    ]),
    'Degraded',
    'DeliveryFailing: why',
  ],
  [
    'nothing was sent yet',
    monitor([
      ['Ready', 'True', 'InSync'],
      ['Delivering', 'Unknown', 'NoTraffic'],
    ]),
    'Healthy',
    'InSync: why',
  ],
  ['its user holds changes back', monitor([['Ready', 'False', 'Suspended']]), 'Suspended', 'Suspended: why'],
  [
    'it is paused and in sync',
    monitor([
      ['Ready', 'True', 'InSync'],
      ['Suspended', 'True', 'Suspended'],
    ]),
    'Healthy',
    'InSync: why',
  ],
  ['Ready is not known yet', monitor([['Ready', 'Unknown', 'Progressing']]), 'Progressing', 'Progressing: why'],
])('Argo CD, where %s', async (_, object, status, message) => {
  expect(await health(object)).toEqual({ status, message: message === '' ? 'Waiting for the operator' : message });
});
