import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import type { Next } from '#src/kubernetes/controller.ts';
import { leaseResource } from '#src/kubernetes/lease.ts';
import { monitors } from '#src/operator/monitors.ts';
import type { Call } from '#src/playground/aws/calls.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { said } from '#test/support/said.ts';
import { loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

/** What AWS holds when the event comes: found before the first monitor, or made of what a monitor wrote. */
const states = ['nothing', 'ours', 'foreign', 'replaced', 'drifted', 'unknown members'] as const;
const adoptions = ['Never', 'Always'] as const;
const events = ['create', 'update', 'delete: Restore', 'delete: Disable', 'delete: Retain'] as const;
const settings = ['one monitor', 'two', 'holder deleted', 'restarted before the write', 'restarted after it'] as const;

interface Row {
  readonly state: (typeof states)[number];
  readonly adoption: (typeof adoptions)[number];
  readonly event: (typeof events)[number];
  readonly setting: (typeof settings)[number];
}
const rows: readonly Row[] = states.flatMap((state) =>
  adoptions.flatMap((adoption) =>
    events.flatMap((event) => settings.map((setting) => ({ state, adoption, event, setting }))),
  ),
);

/** A monitor in sync looks once more after this long: nothing is left to do then. */
const CONFIRM_MS = 30_000;

const ME = 'genai/me';
const HOLDER = 'genai/holder';
const WAITING = 'research/waiting';
type Who = typeof ME | typeof HOLDER | typeof WAITING;
const groups: Record<Who, string> = { [ME]: '/aws/bedrock/me', [HOLDER]: '/aws/bedrock/holder', [WAITING]: '/aws/w' };

const flags = (on: Record<string, boolean>): JsonObject => ({
  textDataDeliveryEnabled: true,
  imageDataDeliveryEnabled: false,
  embeddingDataDeliveryEnabled: false,
  videoDataDeliveryEnabled: false,
  audioDataDeliveryEnabled: false,
  ...on,
});
const theirs: JsonObject = { s3Config: { bucketName: 'somebody-elses', keyPrefix: 'records' }, ...flags({}) };
const unknownMembers: JsonObject = {
  ...theirs,
  futureConfig: { level: 'High', sinks: ['a', 'b'] },
  documentDataDeliveryEnabled: true,
};
const foreignOf = ({ state }: Row) => (state === 'unknown members' ? unknownMembers : theirs);

/** The rules of the claim over symbols: `theirs`, what a monitor wrote, `changed` by somebody since, or nothing. */
function oracle({ state, adoption, event, setting }: Row) {
  type Live = 'theirs' | 'changed' | 'nothing' | Who | 'edited';
  const isFound = state === 'foreign' || state === 'unknown members';
  let live: Live = isFound ? 'theirs' : 'nothing';
  let holder: Who | undefined;
  let previous: 'theirs' | 'none' | undefined;
  const reasons: Partial<Record<Who, string>> = {};
  const look = (who: Who, wants: Live = who) => {
    if (holder !== undefined && holder !== who) return void (reasons[who] = 'Conflict');
    holder = who;
    if (live === 'theirs' && adoption === 'Never') return void (reasons[who] = 'ForeignConfiguration');
    previous = live === 'theirs' ? 'theirs' : (previous ?? 'none');
    live = wants;
    reasons[who] = 'InSync';
  };
  const leave = (who: Who, policy: string, next?: Who) => {
    holder = undefined;
    delete reasons[who];
    if (next !== undefined) return look(next);
    if (live === who && policy !== 'Retain')
      live = policy === 'Disable' || previous === 'none' ? 'nothing' : (previous ?? live);
    previous = undefined;
  };
  const happens = () => {
    if (state === 'nothing') live = 'nothing';
    if (state === 'replaced') live = 'theirs';
    if (state === 'drifted') live = 'changed';
  };
  const isCreated = event === 'create';
  if (setting === 'holder deleted') look(HOLDER);
  else if (!isFound && state !== 'nothing') look(ME);
  if (setting === 'holder deleted' && !isCreated) leave(HOLDER, 'Restore', ME);
  if (setting !== 'holder deleted' && !isCreated) look(ME);
  happens();
  if (setting === 'holder deleted' && isCreated) leave(HOLDER, 'Restore', ME);
  else if (isCreated) look(ME);
  if (setting === 'two') look(WAITING);
  if (event === 'update') look(ME, 'edited');
  if (event.startsWith('delete')) leave(ME, event.slice('delete: '.length), setting === 'two' ? WAITING : undefined);
  return { live, holder, previous, reasons };
}

describe('the one logging configuration, whatever is there and whatever happens', () => {
  // One API for all rows, in the time of the row: compiling the CRD three hundred times is half the cost.
  let api: KubernetesApi;
  let current: World | undefined;
  beforeAll(async () => {
    api = await startKubernetesApi({ clock: { now: () => current?.clock.now() ?? 0 } });
  });
  afterAll(() => api.close());

  it.each(rows)('$state, adoption $adoption, $event, $setting', async (row) => {
    const world = await createWorld({ api });
    current = world;
    try {
      const role = await play(world, row);
      const expected = oracle(row);
      const saved = expected.previous === 'theirs' ? JSON.stringify(foreignOf(row)) : expected.previous;

      const live = world.aws.account(ACCOUNT).region(REGION).invocationLogging.configuration;
      expect(live).toEqual(configurationOf(row, expected.live, role, live));

      const [lease, ...others] = (await world.client.list(leaseResource)).items;
      expect(others).toEqual([]);
      expect(lease?.spec?.holderIdentity).toBe(expected.holder);
      expect(parsed(lease?.metadata.annotations?.['bedrockmonitor.io/previous'])).toEqual(parsed(saved));

      for (const who of [ME, HOLDER, WAITING] as const) {
        const [namespace, name = ''] = who.split('/');
        const monitor = await world.get(name, namespace);
        const reason = expected.reasons[who];
        expect([who, said(monitor)?.reason]).toEqual([who, reason]);
        if (reason === undefined) continue;
        expect(said(monitor)?.status).toBe(reason === 'InSync' ? 'True' : 'False');
        expect(said(monitor, 'LoggingConfigured')?.reason).toBe(reason);
        expect(said(monitor, 'Stalled')?.reason).toBe(reason === 'InSync' ? undefined : reason);
        const { state, claimedBy, saved: copy } = monitor?.status?.invocationLogging ?? {};
        expect({ state, claimedBy, copy: parsed(copy) }).toEqual({
          state: { InSync: 'Enabled', ForeignConfiguration: 'Foreign' }[reason],
          claimedBy: expected.holder,
          copy: reason === 'Conflict' ? undefined : parsed(saved),
        });
      }
    } finally {
      await clear(world);
      await world.close();
    }
  });
});

/** Brings about the state, lets the event happen, and waits until all is quiet. The role that all log with. */
async function play(world: World, { state, adoption, event, setting }: Row): Promise<string> {
  const role = loggingRole(world.aws);
  const account = world.aws.account(ACCOUNT);
  account.bucket(REGION, 'somebody-elses');
  const logging = account.region(REGION).invocationLogging;
  const policy = event.startsWith('delete: ') ? (event.slice('delete: '.length) as 'Restore') : 'Restore';
  const apply = (who: Who, dataTypes: ('Text' | 'Image')[] = ['Text']) => {
    const [namespace, name = ''] = who.split('/');
    const spec: BedrockMonitorSpec = {
      region: REGION,
      invocationLogging: { dataTypes, cloudWatchLogs: { logGroup: { name: groups[who] }, role: { arn: role } } },
      adoptionPolicy: { invocationLogging: adoption },
      ...(who === ME && { deletionPolicy: { invocationLogging: policy } }),
    };
    return world.apply(name, spec, namespace);
  };
  const remove = (who: Who) => world.remove(who.split('/')[1] ?? '', who.split('/')[0]);
  const happens = () => {
    if (state === 'nothing') logging.configuration = undefined;
    if (state === 'replaced') logging.configuration = theirs;
    if (state === 'drifted') logging.configuration = { ...logging.configuration, videoDataDeliveryEnabled: true };
  };

  if (state === 'foreign') logging.configuration = theirs;
  if (state === 'unknown members') logging.configuration = unknownMembers;
  const isCreated = event === 'create';
  const inherits = setting === 'holder deleted';
  if (inherits) {
    await apply(HOLDER);
    await quiet(world);
  } else if (isCreated && logging.configuration === undefined && state !== 'nothing') {
    // An earlier monitor of this name, whose finalizer somebody removed.
    await apply(ME);
    await quiet(world);
    await forget(world, 'me', 'genai');
  }
  if (!isCreated) {
    await apply(ME);
    await quiet(world);
    if (inherits) {
      await isRefused(world, ME);
      await remove(HOLDER);
      await quiet(world);
    }
    if (setting === 'two') {
      await apply(WAITING);
      await quiet(world);
      await isRefused(world, WAITING);
    }
  }
  happens();
  if (isCreated && inherits) await remove(HOLDER);
  if (isCreated) await apply(ME);
  if (isCreated && setting === 'two') await apply(WAITING);
  if (event === 'update') await apply(ME, ['Text', 'Image']);
  if (event.startsWith('delete')) await remove(ME);
  if (setting.startsWith('restarted')) {
    await dyingAtTheWrite(world, setting === 'restarted after it');
    world.restart();
  }
  await quiet(world);
  return role;
}

async function isRefused(world: World, who: Who): Promise<void> {
  const [namespace, name = ''] = who.split('/');
  const reason = said(await world.get(name, namespace))?.reason;
  if (reason !== 'Conflict') throw new Error(`${who} was to wait for the claim, and says ${reason}`);
}

/** Passes over all monitors in turn, as long as one of them has something to do or to wait for. */
async function quiet(world: World): Promise<void> {
  for (let rounds = 0; rounds < 40; rounds += 1) {
    const { items } = await world.client.list(monitors);
    const waits: number[] = [];
    for (const { metadata } of items) {
      const next: Next = await world.pass(metadata.name, metadata.namespace).catch((error: unknown) => {
        if (error instanceof Error && /Conflict/.test(error.message)) return { kind: 'retry' };
        throw error;
      });
      if (next.kind !== 'rest') waits.push(next.afterMs ?? 1_000);
    }
    const soonest = Math.min(...waits.filter((ms) => ms < CONFIRM_MS));
    if (soonest === Number.POSITIVE_INFINITY) return;
    await world.clock.advance(soonest);
  }
  throw new Error('the monitors do not come to rest');
}

/** The process dies around its first write of the logging configuration; if it writes none, it lives until all is quiet. */
async function dyingAtTheWrite(world: World, after: boolean): Promise<void> {
  let dead = false;
  const die = () => {
    dead = true;
    throw new Error('the process is gone');
  };
  const isWrite = ({ operation }: Call) => /^(Put|Delete)ModelInvocationLogging/.test(operation);
  world.tap = { observe: () => (dead ? die() : undefined) };
  const stop = world.aws.onCall((call, phase) => {
    if (dead || (isWrite(call) && phase === (after ? 'After' : 'Before'))) die();
  });
  await quiet(world).catch((error: unknown) => {
    if (!dead) throw error;
  });
  world.tap = undefined;
  stop();
}

/** Deletes a monitor as somebody does who removes its finalizer by hand. */
async function forget({ client }: World, name: string, namespace: string): Promise<void> {
  await client.patch(monitors, { namespace, name }, { type: 'merge', body: { metadata: { finalizers: null } } });
  await client.delete(monitors, { namespace, name });
}

async function clear(world: World): Promise<void> {
  for (const { metadata } of (await world.client.list(monitors)).items)
    await forget(world, metadata.name, metadata.namespace);
  for (const { metadata } of (await world.client.list(leaseResource)).items)
    await world.client.delete(leaseResource, {
      namespace: metadata.namespace ?? '',
      name: metadata.name ?? '',
    });
}

/** The JSON that a symbol of the oracle stands for. */
function configurationOf(
  row: Row,
  live: ReturnType<typeof oracle>['live'],
  role: string,
  actual: JsonObject | undefined,
): JsonObject | undefined {
  if (live === 'nothing') return undefined;
  if (live === 'theirs') return foreignOf(row);
  const maker = live === 'edited' ? ME : live === 'changed' ? makerOfChanged(row) : live;
  // Of what was taken over only the flag stays that AWS might switch on again, and it is off.
  const unknown = row.state === 'unknown members' ? { documentDataDeliveryEnabled: false } : {};
  expect(actual?.['futureConfig']).toBeUndefined();
  return {
    ...unknown,
    cloudWatchConfig: { logGroupName: groups[maker], roleArn: role },
    ...flags({
      ...(live === 'edited' && { imageDataDeliveryEnabled: true }),
      ...(live === 'changed' && { videoDataDeliveryEnabled: true }),
    }),
  };
}

function makerOfChanged({ setting, event }: Row): Who {
  return setting === 'holder deleted' && event === 'create' ? HOLDER : ME;
}

function parsed(text: string | undefined): unknown {
  return text?.startsWith('{') ? JSON.parse(text) : text;
}
