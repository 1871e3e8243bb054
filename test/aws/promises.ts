import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#src/domain/json.ts';
import type { Kind, Observed, Resource, ResourceRef } from '#src/domain/resource.ts';
import type { MarkReading, ResourceHandler } from '#src/reconcile/ports.ts';
import type { Stage } from './stage.ts';
import { signal, stage, written } from './stage.ts';

/** What a kind needs to be held to the promises of its four verbs. */
export interface Subject<K extends Kind> {
  readonly kind: K;
  /** Which of its forms, where a kind is held to the promises in several. */
  readonly form?: string;
  readonly desired: (stage: Stage) => Resource<K> & ResourceRef<K>;
  /** An edit of it, and the fields that differ. */
  readonly edited: (stage: Stage) => Resource<K> & ResourceRef<K>;
  readonly edit: readonly string[];
  /** What must exist first. */
  readonly prepare?: (stage: Stage) => void;
  /** Puts somebody else's resource under the name; absent where the name is the mark, so that nothing else can be there. */
  readonly foreign?: (stage: Stage) => void;
  /** Adds, to the resource that is there, what no spec declares, and answers a look at it. */
  readonly undeclared: (stage: Stage) => () => unknown;
  /** The mark of a resource of ours; undefined where AWS keeps none. */
  readonly mark: string | undefined;
  /** It is never deleted, and its delete refuses. */
  readonly stays?: true;
  /** What AWS itself leaves behind after a delete: parts of the snapshot that are not compared. */
  readonly left?: (snapshot: JsonObject) => JsonObject;
}

/** One suite for every kind, on the simulated AWS with its lagging reads. */
export function keepsItsPromises<K extends Kind>(subject: Subject<K>): void {
  const ready = (): Stage => {
    const on = stage();
    subject.prepare?.(on);
    return on;
  };
  const mark = subject.mark === undefined ? { state: 'None' } : { state: 'Owned', by: subject.mark };
  const handler = (on: Stage): ResourceHandler<K> => on.handlers()[subject.kind];
  const observe = (on: Stage, marks: MarkReading = 'Always') =>
    on.run(handler(on).observe(subject.desired(on), marks, signal));
  const observed = async (on: Stage, marks: MarkReading = 'Always'): Promise<Observed<K>> => {
    const found = await observe(on, marks);
    if (found === undefined) throw new Error('absent');
    return found;
  };
  const create = async (on: Stage) => {
    await on.run(handler(on).apply(subject.desired(on), undefined, signal));
    await on.settle();
  };
  /** What a pass does: look, and write where something differs. */
  const converge = async (on: Stage, to: Resource<K>) => {
    for (let pass = 0; pass < 3; pass += 1) {
      const found = await observe(on);
      if (found !== undefined && handler(on).diff(to, found).length === 0) return;
      await on.run(handler(on).apply(to, found, signal));
      await on.settle();
    }
    throw new Error('three passes did not converge');
  };
  /** The same where it is to go. */
  const remove = async (on: Stage) => {
    const found = await observe(on);
    if (found !== undefined) await on.run(handler(on).delete(subject.desired(on), found, signal));
    await on.settle();
    expect(await observe(on)).toBeUndefined();
  };

  describe(`${[subject.kind, ...(subject.form === undefined ? [] : [subject.form])].join(' ')} keeps its promises`, () => {
    test('absent is undefined, and observing writes nothing', async () => {
      const on = ready();
      const before = on.aws.snapshot();
      expect(await observe(on, 'IfFree')).toBeUndefined();
      expect(await observe(on)).toBeUndefined();
      expect(on.aws.writes()).toEqual([]);
      expect(on.aws.snapshot()).toEqual(before);
    });

    test('what is created reads back as declared, with our mark', async () => {
      const on = ready();
      await create(on);
      for (const marks of ['IfFree', 'Always'] as const) {
        expect(handler(on).diff(subject.desired(on), await observed(on, marks))).toEqual([]);
      }
      expect((await observed(on)).mark).toEqual(mark);
    });

    test('observing never writes', async () => {
      const on = ready();
      await create(on);
      on.aws.forgetCalls();
      await observe(on, 'IfFree');
      await observe(on);
      expect(on.aws.calls.length).toBeGreaterThan(0);
      expect(on.aws.writes()).toEqual([]);
    });

    test('applying again reaches the same state', async () => {
      const on = ready();
      await create(on);
      const once = on.aws.snapshot();
      await on.run(handler(on).apply(subject.desired(on), undefined, signal));
      await on.settle();
      await on.run(handler(on).apply(subject.desired(on), await observed(on), signal));
      await on.settle();
      expect(on.aws.snapshot()).toEqual(once);
    });

    test('a second pass finds nothing to do and writes nothing', async () => {
      const on = ready();
      await converge(on, subject.desired(on));
      on.aws.forgetCalls();
      await converge(on, subject.desired(on));
      expect(written(on.aws)).toEqual([]);
    });

    test('an edit shows as the fields that differ, and is applied', async () => {
      const on = ready();
      await create(on);
      const edited = subject.edited(on);
      const found = await observed(on);
      const changes = handler(on).diff(edited, found);
      expect(changes.map(({ path }) => path)).toEqual(subject.edit);
      await on.run(handler(on).apply(edited, found, signal));
      await on.settle();
      expect(handler(on).diff(edited, await observed(on))).toEqual([]);
    });

    test('an update carries over what the spec does not declare', async () => {
      const on = ready();
      await create(on);
      const look = subject.undeclared(on);
      const added = structuredClone(look());
      expect(added).toBeDefined();
      expect(handler(on).diff(subject.desired(on), await observed(on))).toEqual([]);
      await on.run(handler(on).apply(subject.edited(on), await observed(on), signal));
      expect(look()).toEqual(added);
    });

    test.runIf(subject.foreign !== undefined)("somebody else's resource is seen as such and left alone", async () => {
      const on = ready();
      subject.foreign?.(on);
      const before = on.aws.snapshot();
      const found = await observed(on);
      expect(found.mark).not.toEqual({ state: 'Owned', by: subject.mark });
      handler(on).diff(subject.desired(on), found);
      expect(on.aws.writes()).toEqual([]);
      expect(on.aws.snapshot()).toEqual(before);
    });

    test.skipIf(subject.stays)('what is deleted is absent, and deleting it again is success', async () => {
      const on = ready();
      const before = on.aws.snapshot();
      await create(on);
      const found = await observed(on);
      await on.run(handler(on).delete(subject.desired(on), found, signal));
      await on.settle();
      expect(await observe(on)).toBeUndefined();
      await on.run(handler(on).delete(subject.desired(on), found, signal));
      expect(on.aws.snapshot()).toEqual({ ...before, ...subject.left?.(on.aws.snapshot()) });
    });

    test.runIf(subject.stays)('it is not deleted, whoever asks', async () => {
      const on = ready();
      await create(on);
      const before = on.aws.snapshot();
      const found = await observed(on);
      expect(await on.failure(handler(on).delete(subject.desired(on), found, signal))).toBeInstanceOf(Error);
      expect(on.aws.snapshot()).toEqual(before);
    });

    test.skipIf(subject.stays)('what was deleted a moment ago may be created again', async () => {
      const on = ready();
      const cloud = on.cloud();
      const verbs: ResourceHandler<K> = on.handlers(cloud)[subject.kind];
      await create(on);
      const once = on.aws.snapshot();
      await on.run(verbs.delete(subject.desired(on), await observed(on), signal));
      await on.settle();
      expect(await on.run(verbs.observe(subject.desired(on), 'Always', signal))).toBeUndefined();
      await create(on);
      expect(on.aws.snapshot()).toEqual(once);
    });

    // What AWS keeps no mark of is not adopted but taken over, under its claim.
    const adoptable = subject.mark !== undefined && subject.foreign !== undefined;
    describe.runIf(adoptable)('adopting', () => {
      test('takes what is there as it is: it reads back as declared, with our mark', async () => {
        const on = ready();
        subject.foreign?.(on);
        const found = await observed(on);
        expect(found.notAdoptable).toBeUndefined();
        expect(handler(on).diff(subject.desired(on), found)).not.toEqual([]);
        await converge(on, subject.desired(on));
        const adopted = await observed(on);
        expect(adopted.mark).toEqual(mark);
        expect([adopted.id, adopted.arn]).toEqual([found.id, found.arn]);
        expect(written(on.aws).filter((operation) => /^(Create|Delete)/.test(operation))).toEqual([]);
      });

      test('a second pass over it writes nothing', async () => {
        const on = ready();
        subject.foreign?.(on);
        await converge(on, subject.desired(on));
        on.aws.forgetCalls();
        await converge(on, subject.desired(on));
        expect(written(on.aws)).toEqual([]);
      });

      test('leaves what the spec does not declare, and the tags of others', async () => {
        const on = ready();
        subject.foreign?.(on);
        const look = subject.undeclared(on);
        const before = structuredClone(look());
        expect(before).toBeDefined();
        await converge(on, subject.desired(on));
        expect(look()).toEqual(before);
      });
    });

    describe.each(['Before', 'After'] as const)('a crash %s', (phase) => {
      test('any call of a create leaves nothing that the next pass does not find', async () => {
        const done = ready();
        await converge(done, subject.desired(done));
        const goal = done.aws.snapshot();
        for (let call = 1; ; call += 1) {
          const on = ready();
          if (!(await crashes(on, call, phase, () => converge(on, subject.desired(on))))) break;
          await on.settle();
          await converge(on, subject.desired(on));
          expect(on.aws.snapshot(), `crash at call ${call}`).toEqual(goal);
        }
      });

      test('any call of an update leaves nothing that the next pass does not find', async () => {
        const done = ready();
        await create(done);
        await converge(done, subject.edited(done));
        const goal = done.aws.snapshot();
        for (let call = 1; ; call += 1) {
          const on = ready();
          await create(on);
          if (!(await crashes(on, call, phase, () => converge(on, subject.edited(on))))) break;
          await on.settle();
          await converge(on, subject.edited(on));
          expect(on.aws.snapshot(), `crash at call ${call}`).toEqual(goal);
        }
      });

      test.runIf(adoptable)('any call of an adoption leaves ours, or what can still be adopted', async () => {
        const done = ready();
        subject.foreign?.(done);
        const foreign = (await observed(done)).mark;
        await converge(done, subject.desired(done));
        const goal = done.aws.snapshot();
        for (let call = 1; ; call += 1) {
          const on = ready();
          subject.foreign?.(on);
          if (!(await crashes(on, call, phase, () => converge(on, subject.desired(on))))) break;
          await on.settle();
          expect([mark, foreign], `crash at call ${call}`).toContainEqual((await observed(on)).mark);
          await converge(on, subject.desired(on));
          expect(on.aws.snapshot(), `crash at call ${call}`).toEqual(goal);
        }
      });

      test.skipIf(subject.stays)('any call of a delete leaves what the next pass deletes', async () => {
        const done = ready();
        await create(done);
        await remove(done);
        const goal = done.aws.snapshot();
        for (let call = 1; ; call += 1) {
          const on = ready();
          await create(on);
          if (!(await crashes(on, call, phase, () => remove(on)))) break;
          await on.settle();
          await remove(on);
          expect(on.aws.snapshot(), `crash at call ${call}`).toEqual(goal);
        }
      });
    });
  });
}

/** Whether the work met the crash, rather than ending before it. */
async function crashes(on: Stage, at: number, phase: 'Before' | 'After', work: () => Promise<void>): Promise<boolean> {
  const crash = new Error('crash');
  let calls = 0;
  let met = false;
  const stop = on.aws.onCall((_call, moment) => {
    if (moment === phase) calls += 1;
    if (moment !== phase || calls < at) return;
    met = true;
    throw crash;
  });
  try {
    await work();
  } catch (error) {
    if (error !== crash) throw error;
  } finally {
    stop();
  }
  return met;
}
