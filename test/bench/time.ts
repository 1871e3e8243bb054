import { createCloud } from '#src/aws/handlers.ts';
import { features } from '#src/domain/plan/types.ts';
import { plan } from '#src/domain/plan.ts';
import type { Kind, Observed, Resource } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { surroundings } from '#test/support/arbitrary/surroundings.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, REGION } from '#test/support/world.ts';
import type { Row } from './print.ts';
import { ratio } from './print.ts';
import { createSubjectWorld, subjects } from './subjects.ts';

/** A pass at rest against an empty one, and planning and comparing against parsing the spec's JSON. */
export async function timeRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { what, spec } of subjects) {
    const world = await createSubjectWorld();
    const full = spec(world);
    await world.apply('production', full);
    await world.settle('production');
    await world.clock.advance(60_000);
    const empty = await median(200, () => world.pass('nobody'));
    const rest = await median(100, () => world.pass('production'));
    rows.push({ measure: `pass at rest, ${what}`, against: 'a pass over nothing', times: ratio(rest, empty) });

    const text = JSON.stringify(full);
    const facts = factsOf();
    const settled = await observeAll(world, full);
    const parse = await median(2_000, () => JSON.parse(text));
    const planned = await median(500, () => {
      for (const { handler, observed, resource } of settled) handler.diff(resource, observed);
      return plan(full, facts);
    });
    rows.push({ measure: `plan and diff, ${what}`, against: 'JSON.parse of the spec', times: ratio(planned, parse) });
    await world.close();
  }
  return rows;
}

function factsOf() {
  const owner = { cluster: 'test', namespace: 'genai', name: 'production', uid: 'any' };
  const place = { accountID: ACCOUNT, region: REGION, partition: 'aws' };
  return {
    owner,
    place,
    deliveredLogGroup: { known: undefined },
    modelsInUse: { known: surroundings.models },
    findingsDimensions: { known: undefined },
    features: new Set(features),
    actionARNs: [],
  } as const;
}

interface Settled {
  readonly handler: ResourceHandler<Kind>;
  readonly resource: Resource;
  readonly observed: Observed;
}

/** What a pass over a monitor in sync compares. */
async function observeAll(world: World, spec: Parameters<typeof plan>[0]): Promise<readonly Settled[]> {
  const cloud = createCloud({
    clock: world.clock,
    cluster: 'test',
    requestHandler: world.aws.requestHandler,
    credentials: world.aws.account(ACCOUNT).credentials(),
  });
  const { signal } = new AbortController();
  const { owner } = factsOf();
  const identity = await inTime(world, cloud.identity({ region: REGION }, signal));
  const handlers = cloud.handlers({ region: REGION }, identity, owner, 'State');
  const settled: Settled[] = [];
  for (const { resource } of plan(spec, factsOf()).resources) {
    const handler: ResourceHandler<Kind> = handlers[resource.kind];
    const observed = await inTime(world, handler.observe(resource, 'IfFree', signal));
    if (observed === undefined) throw new Error(`${resource.kind} ${resource.name} is not there`);
    settled.push({ handler, resource, observed });
  }
  return settled;
}

/** Fake time goes on until the promise has settled: the pacer spaces the calls. */
async function inTime<T>({ clock }: World, promise: Promise<T>): Promise<T> {
  const state = { settled: false };
  void promise.finally(() => {
    state.settled = true;
  });
  while (!state.settled) await (clock.untilNext === undefined ? clock.flush() : clock.advance(clock.untilNext));
  return promise;
}

async function median(times: number, act: () => unknown): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < times; round += 1) {
    const before = performance.now();
    await act();
    took.push(performance.now() - before);
  }
  return took.toSorted((a, b) => a - b)[times >> 1] ?? 0;
}
