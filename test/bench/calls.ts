import type { World } from '#test/support/world.ts';
import type { Row } from './print.ts';
import { createSubjectWorld, edited, subjects } from './subjects.ts';

/** Exact counts: from the first pass to rest, of an edit to rest, and of one pass at rest. */
export async function callRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { what, spec } of subjects) {
    const world = await createSubjectWorld();
    const full = spec(world);
    const count = async (step: string, act: () => Promise<unknown>) => {
      world.aws.forgetCalls();
      world.kubernetes.forgetCalls();
      await act();
      rows.push({ step, ...counted(world) });
    };
    await world.apply('production', full);
    await count(`create, ${what}`, () => world.settle('production'));
    await world.clock.advance(60_000);
    await world.pass('production');
    await count(`rest, ${what}`, () => world.pass('production'));
    await world.apply('production', edited(full));
    await count(`edit of one alarm, ${what}`, () => world.settle('production'));
    await world.remove('production');
    await count(`delete, ${what}`, () => world.settle('production'));
    await world.close();
  }
  return rows;
}

function counted({ aws, kubernetes }: World): Row {
  const awsWrites = aws.writes().length;
  const writes = kubernetes.calls.filter((call) => call.writes).length;
  const onLeases = kubernetes.calls.filter((call) => call.writes && call.plural === 'leases').length;
  return {
    'AWS reads': aws.calls.length - awsWrites,
    'AWS writes': awsWrites,
    'writes to the monitor': writes - onLeases,
    'writes to the claim': onLeases,
  };
}
