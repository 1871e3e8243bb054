import { describe, expect, test } from 'vitest';
import { ApiError, errorFromStatus } from '#src/kubernetes/api-error.ts';
import type { Event, Happening, ObjectReference } from '#src/kubernetes/event.ts';
import { referenceTo } from '#src/kubernetes/event.ts';
import type { EventRecorderOptions } from '#src/kubernetes/events.ts';
import { createEventRecorder } from '#src/kubernetes/events.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import { settled } from './settled.ts';

const widget: ObjectReference = {
  apiVersion: 'shop.example/v1',
  kind: 'Widget',
  namespace: 'ns',
  name: 'one',
  uid: 'u1',
};
const happened = (note: string, reason = 'Changed'): Happening => ({
  type: 'Normal',
  reason,
  action: 'Reconcile',
  note,
});

/** `fail` says what the next write is answered with. */
function rig(fail: (verb: string) => Error | undefined = () => undefined, options: Partial<EventRecorderOptions> = {}) {
  const clock = fakeClock('2026-01-01T00:00:00Z');
  const writes: { verb: string; name: string | undefined; body: Partial<Event> }[] = [];
  const dropped: string[] = [];
  const write = async (verb: string, name: string | undefined, body: object, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    writes.push({ verb, name, body });
    const error = fail(verb);
    if (error) throw error;
    return JSON.parse('{}');
  };
  const recorder = createEventRecorder({
    client: {
      create: (_resource, object, signal) => write('create', object.metadata.name, object, signal),
      patch: (_resource, at, patch, signal) => write('patch', at.name, patch.body, signal),
    },
    clock,
    controller: 'shop.example/operator',
    instance: 'pod-1',
    onDropped: (error, { note }) => dropped.push(`${note}: ${error instanceof Error ? error.message : 'unknown'}`),
    ...options,
  });
  return { clock, writes, dropped, recorder };
}

test('an Event has everything that events.k8s.io demands', async () => {
  const { clock, writes, recorder } = rig();
  recorder.record(widget, { ...happened('retention 30 → 90'), type: 'Warning', related: { kind: 'Lease', name: 'l' } });
  await clock.flush();
  expect(writes).toEqual([
    {
      verb: 'create',
      name: expect.stringMatching(/^one\.[0-9a-f]{17}$/),
      body: {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { namespace: 'ns', name: writes[0]?.name },
        eventTime: '2026-01-01T00:00:00.000000Z',
        type: 'Warning',
        reason: 'Changed',
        action: 'Reconcile',
        note: 'retention 30 → 90',
        regarding: widget,
        related: { kind: 'Lease', name: 'l' },
        reportingController: 'shop.example/operator',
        reportingInstance: 'pod-1',
      },
    },
  ]);
  expect(recorder.stats()).toEqual({ queued: 0, written: 1, dropped: 0 });
});

test('an object without a namespace has its Events in default', async () => {
  const { clock, writes, recorder } = rig();
  recorder.record({ kind: 'Node', name: 'n'.repeat(300) }, happened('x'));
  await clock.flush();
  expect(writes[0]?.body.metadata?.namespace).toBe('default');
  expect(writes[0]?.name?.length).toBeLessThanOrEqual(253);
});

describe('a note', () => {
  test.each([
    ['a'.repeat(1024), 'a'.repeat(1024)],
    ['a'.repeat(1025), `${'a'.repeat(1021)}…`],
    ['ü'.repeat(513), `${'ü'.repeat(510)}…`],
    ['😀'.repeat(300), `${'😀'.repeat(255)}…`],
  ])('of %j is cut to 1,024 bytes between characters', async (note, cut) => {
    const { clock, writes, recorder } = rig();
    recorder.record(widget, happened(note));
    await clock.flush();
    expect(writes[0]?.body.note).toBe(cut);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(1024);
  });
});

describe('repetition', () => {
  test('the second time makes a series, later ones are counted quietly, the end is written', async () => {
    const { clock, writes, recorder } = rig();
    for (let n = 0; n < 10; n += 1) {
      recorder.record(widget, happened('again'));
      await clock.advance(60_000);
    }
    expect(writes.map(({ verb }) => verb)).toEqual(['create', 'patch']);
    expect(writes[1]).toEqual({
      verb: 'patch',
      name: writes[0]?.name,
      body: { series: { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' } },
    });
    await clock.advance(6 * 60_000);
    expect(writes.slice(2)).toEqual([
      {
        verb: 'patch',
        name: writes[0]?.name,
        body: { series: { count: 10, lastObservedTime: '2026-01-01T00:09:00.000000Z' } },
      },
    ]);
    // The series is over: the next is a new Event, and nothing ticks on.
    recorder.record(widget, happened('again'));
    await clock.advance(10 * 60_000);
    expect(writes.slice(3).map(({ verb }) => verb)).toEqual(['create']);
    expect(clock.pending).toBe(0);
  });

  test('a long series is refreshed every half hour', async () => {
    const { clock, writes, recorder } = rig();
    for (let n = 0; n < 100; n += 1) {
      recorder.record(widget, happened('again'));
      await clock.advance(60_000);
    }
    expect(writes.filter(({ verb }) => verb === 'patch')).toHaveLength(1 + 3);
  });

  test('what differs in note, reason or object is another Event', async () => {
    const { clock, writes, recorder } = rig();
    recorder.record(widget, happened('a'));
    recorder.record(widget, happened('b'));
    recorder.record(widget, happened('a', 'Other'));
    recorder.record({ ...widget, uid: 'u2' }, happened('a'));
    await clock.flush();
    expect(writes.map(({ verb }) => verb)).toEqual(['create', 'create', 'create', 'create']);
    expect(new Set(writes.map(({ name }) => name)).size).toBe(4);
  });

  test('repetitions while the first is still being written are not lost', async () => {
    const { clock, writes, recorder } = rig();
    recorder.record(widget, happened('a'));
    recorder.record(widget, happened('a'));
    recorder.record(widget, happened('a'));
    await clock.advance(10 * 60_000);
    expect(writes.map(({ verb, body }) => [verb, body.series?.count])).toEqual([
      ['create', undefined],
      ['patch', 3],
    ]);
  });

  test('an Event that the server has forgotten is made anew, with its count', async () => {
    const { clock, writes, recorder } = rig((verb) =>
      verb === 'patch' ? new ApiError(404, 'NotFound', 'gone') : undefined,
    );
    recorder.record(widget, happened('a'));
    await clock.flush();
    recorder.record(widget, happened('a'));
    await clock.flush();
    expect(writes.map(({ verb, body }) => [verb, body.series?.count])).toEqual([
      ['create', undefined],
      ['patch', 2],
      ['create', 2],
    ]);
    expect(writes[2]?.name).not.toBe(writes[0]?.name);
  });
});

describe('too much', () => {
  test('25 Events about one object, then one every five minutes; others are not affected', async () => {
    const { clock, writes, dropped, recorder } = rig();
    for (let n = 0; n < 40; n += 1) recorder.record(widget, happened(`note ${n}`));
    recorder.record({ ...widget, name: 'two', uid: 'u2' }, happened('mine'));
    await clock.flush();
    expect(writes).toHaveLength(26);
    expect(dropped).toHaveLength(15);
    expect(dropped[0]).toBe('note 25: too many events about one object');
    await clock.advance(300_000);
    recorder.record(widget, happened('later'));
    recorder.record(widget, happened('too soon'));
    await clock.flush();
    expect(writes.at(-1)?.body.note).toBe('later');
    expect(recorder.stats()).toMatchObject({ written: 27, dropped: 16 });
  });

  test('a full queue drops what comes, not who calls', async () => {
    const { clock, dropped, recorder } = rig(() => undefined, { maxQueued: 2 });
    for (const note of ['a', 'b', 'c']) recorder.record(widget, happened(note));
    expect(recorder.stats().queued).toBe(2);
    expect(dropped).toEqual(['c: too many events are waiting to be written']);
    await clock.flush();
    expect(recorder.stats()).toEqual({ queued: 0, written: 2, dropped: 1 });
  });
});

describe('failure', () => {
  test('an outage is waited for, four tries in all', async () => {
    const { clock, writes, dropped, recorder } = rig(() => new ApiError(0, 'Unreachable', 'away'));
    recorder.record(widget, happened('a'));
    await clock.advance(6999);
    expect(writes).toHaveLength(3);
    await clock.advance(1);
    expect(writes).toHaveLength(4);
    expect(dropped).toEqual(['a: away']);
  });

  test('a refusal is final, and the next Event goes on', async () => {
    let refuse = true;
    const { clock, writes, dropped, recorder } = rig(() =>
      refuse ? new ApiError(403, 'Forbidden', 'namespace is being terminated') : undefined,
    );
    recorder.record(widget, happened('a'));
    await clock.flush();
    refuse = false;
    recorder.record(widget, happened('b'));
    await clock.flush();
    expect(writes.map(({ body }) => body.note)).toEqual(['a', 'b']);
    expect(dropped).toEqual(['a: namespace is being terminated']);
  });

  test('a namespace that is being deleted takes no Events, and that is no problem to report', async () => {
    // As kube-apiserver 1.36 answers.
    const status = {
      kind: 'Status',
      status: 'Failure',
      message:
        'events.events.k8s.io "one.1" is forbidden: unable to create new content in namespace ns because it is being terminated',
      reason: 'Forbidden',
      details: {
        name: 'one.1',
        group: 'events.k8s.io',
        kind: 'events',
        causes: [
          { reason: 'NamespaceTerminating', message: 'namespace ns is being terminated', field: 'metadata.namespace' },
        ],
      },
      code: 403,
    };
    const { clock, writes, dropped, recorder } = rig(() => errorFromStatus('POST events', 403, JSON.stringify(status)));
    recorder.record(widget, happened('a'));
    await clock.flush();
    expect(writes).toHaveLength(1);
    expect(dropped).toEqual([]);
    expect(recorder.stats()).toMatchObject({ written: 0, dropped: 1 });
  });

  test('an answer that was lost is not written twice', async () => {
    let answers = 0;
    const { clock, writes, recorder } = rig(() => {
      answers += 1;
      if (answers === 1) return new ApiError(0, 'Unreachable', 'reset');
      return answers === 2 ? new ApiError(409, 'AlreadyExists', 'there it is') : undefined;
    });
    recorder.record(widget, happened('a'));
    await clock.advance(1000);
    expect(writes[1]?.name).toBe(writes[0]?.name);
    expect(recorder.stats()).toEqual({ queued: 0, written: 1, dropped: 0 });
  });
});

describe('stopping', () => {
  test('writes what is queued and the counts that are behind, and then nothing', async () => {
    const { clock, writes, recorder } = rig();
    for (let n = 0; n < 3; n += 1) {
      recorder.record(widget, happened('a'));
      await clock.flush();
    }
    recorder.record(widget, happened('b'));
    await recorder.stop(5000);
    recorder.record(widget, happened('c'));
    await clock.advance(3_600_000);
    expect(writes.map(({ verb, body }) => [verb, body.note ?? body.series?.count])).toEqual([
      ['create', 'a'],
      ['patch', 2],
      ['create', 'b'],
      ['patch', 3],
    ]);
    expect(clock.pending).toBe(0);
  });

  test('does not wait longer than it may', async () => {
    const { clock, recorder } = rig(() => new ApiError(500, 'InternalError', 'no'));
    for (const note of ['a', 'b', 'c']) recorder.record(widget, happened(note));
    await clock.flush();
    const stopped = settled(recorder.stop(500));
    await clock.advance(499);
    expect(stopped()).toBe(false);
    await clock.advance(1);
    expect(stopped()).toBe(true);
    expect(recorder.stats().dropped).toBe(3);
  });
});

test('a reference names the type, which the items of a list do not', () => {
  const object = { metadata: { namespace: 'ns', name: 'one', uid: 'u1', resourceVersion: '7' } };
  expect(referenceTo(object, { apiVersion: 'shop.example/v1', kind: 'Widget' })).toEqual({
    ...widget,
    resourceVersion: '7',
  });
});
