import { randomBytes } from 'node:crypto';
import { ApiError, isAlreadyExists, isNamespaceTerminating, isNotFound } from './api-error.ts';
import type { Client } from './client.ts';
import type { Clock } from './clock.ts';
import { sleep } from './clock.ts';
import type { Event, Happening, ObjectReference } from './event.ts';
import { eventResource } from './event.ts';
import { createEventLimiter } from './event-limiter.ts';
import { microTime } from './micro-time.ts';

/** Best effort: nothing here throws, waits or fails for the caller. */
export interface EventRecorder {
  record(regarding: ObjectReference, happening: Happening): void;
  /** Writes what is queued, for at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
  stats(): { readonly queued: number; readonly written: number; readonly dropped: number };
}

export interface EventRecorderOptions {
  readonly client: Pick<Client, 'create' | 'patch'>;
  readonly clock: Clock;
  /** A qualified name, as in `bedrockmonitor.example.com/operator`. */
  readonly controller: string;
  /** Which process; at most 128 characters. */
  readonly instance: string;
  /** Events waiting to be written beyond this are dropped; default 1,000. */
  readonly maxQueued?: number;
  /** An Event was not written. Not called for one in a namespace that is being deleted, where that is as it should be. */
  readonly onDropped?: (error: unknown, happening: Happening) => void;
}

/** One Event and its repetitions. */
interface Series {
  event: Event;
  readonly happening: Happening;
  count: number;
  lastSeenAt: number;
  lastSeenWall: number;
  writtenAt: number;
  /** The count that the API knows; 0 before the Event exists. */
  writtenCount: number;
  queued: boolean;
}

/** As client-go (tools/events/event_broadcaster.go). */
const finishedMs = 6 * 60_000;
const refreshMs = 30 * 60_000;
const sweepMs = 60_000;
const maxSeries = 4096;
const tries = 4;

/**
 * Writes events.k8s.io/v1 Events, one at a time and in order.
 *
 * Guarantees: the same happening about the same object within six minutes is one Event with a series; its count is
 * written at the second time, then every half hour, and when it has ended. Unlike client-go the note counts as part
 * of what is the same: "retention 30 → 90" and "threshold 5 → 10" are two things that a person wants to read. At most
 * 25 new Events about one object at once, then one every five minutes. What cannot be written after four tries, or
 * does not fit the queue, is dropped and counted.
 */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { client, clock, controller, instance, maxQueued = 1000, onDropped } = options;
  const allowed = createEventLimiter(clock);
  const series = new Map<string, Series>();
  const queue: Series[] = [];
  const stopping = new AbortController();
  let accepting = true;
  let sending: Promise<void> | undefined;
  let cancelSweep: (() => void) | undefined;
  let written = 0;
  let dropped = 0;

  const drop = (entry: Series, error: unknown) => {
    dropped += 1;
    if (!isNamespaceTerminating(error)) onDropped?.(error, entry.happening);
  };

  const enqueue = (entry: Series) => {
    if (entry.queued) return;
    if (queue.length >= maxQueued) return drop(entry, new Error('too many events are waiting to be written'));
    entry.queued = true;
    queue.push(entry);
    sending ??= send().finally(() => {
      sending = undefined;
    });
  };

  const send = async () => {
    for (let entry = queue[0]; entry; entry = queue[0]) {
      try {
        await write(entry);
        written += 1;
      } catch (error) {
        drop(entry, error);
      }
      entry.queued = false;
      queue.shift();
      // The first repetition came while the Event itself was being written.
      if (entry.writtenCount === 1 && entry.count > 1) enqueue(entry);
    }
  };

  const write = async (entry: Series): Promise<void> => {
    for (let failures = 0; ; ) {
      try {
        return await writeOnce(entry);
      } catch (error) {
        failures += 1;
        const final = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
        if (final || failures >= tries || stopping.signal.aborted) throw error;
        await sleep(clock, 1000 * 2 ** (failures - 1), stopping.signal);
      }
    }
  };

  const writeOnce = async (entry: Series): Promise<void> => {
    const { namespace = 'default', name = '' } = entry.event.metadata;
    const { count } = entry;
    if (entry.writtenCount > 0) {
      try {
        const body = { series: seriesOf(entry) };
        await client.patch(eventResource, { namespace, name }, { type: 'merge', body }, stopping.signal);
        return settle(entry, count);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        // Events live for an hour by default; a long series outlives its Event.
        entry.event = { ...entry.event, metadata: { namespace, name: newName(entry.event.regarding) } };
      }
    }
    const event = entry.count > 1 ? { ...entry.event, series: seriesOf(entry) } : entry.event;
    try {
      await client.create(eventResource, event, stopping.signal);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error; // An earlier try went through.
    }
    settle(entry, count);
  };

  const seriesOf = (entry: Series) => ({ count: entry.count, lastObservedTime: microTime(entry.lastSeenWall) });
  const settle = (entry: Series, count: number) => {
    entry.writtenAt = clock.monotonic();
    entry.writtenCount = count;
  };

  const newName = (regarding: ObjectReference): string => {
    // client-go appends the time in nanoseconds; ours ends in random digits, so that two never meet.
    const suffix = clock.now().toString(16) + randomBytes(3).toString('hex');
    return `${(regarding.name ?? 'unnamed').slice(0, 230)}.${suffix}`;
  };

  const begin = (regarding: ObjectReference, happening: Happening): Series => {
    const { type, reason, action, note, related } = happening;
    const event: Event = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace: regarding.namespace ?? 'default', name: newName(regarding) },
      eventTime: microTime(clock.now()),
      type,
      reason: reason.slice(0, 128),
      action: action.slice(0, 128),
      note: cutNote(note),
      regarding,
      ...(related && { related }),
      reportingController: controller,
      reportingInstance: instance.slice(0, 128),
    };
    const now = clock.monotonic();
    const times = {
      count: 1,
      lastSeenAt: now,
      lastSeenWall: clock.now(),
      writtenAt: now,
      writtenCount: 0,
      queued: false,
    };
    return { event, happening, ...times };
  };

  const sweep = () => {
    cancelSweep = undefined;
    const now = clock.monotonic();
    for (const [key, entry] of series) {
      const finished = now - entry.lastSeenAt >= finishedMs;
      if (isBehind(entry) && (finished || now - entry.writtenAt >= refreshMs)) enqueue(entry);
      if (finished) series.delete(key);
    }
    if (series.size > 0) cancelSweep = clock.setTimeout(sweep, sweepMs);
  };

  const record = (regarding: ObjectReference, happening: Happening) => {
    const key = identityOf(regarding, happening);
    const known = series.get(key);
    if (known) {
      known.count += 1;
      known.lastSeenAt = clock.monotonic();
      known.lastSeenWall = clock.now();
      if (known.count === 2) enqueue(known);
      return;
    }
    const entry = begin(regarding, happening);
    if (!allowed(`${regarding.namespace ?? ''}/${regarding.name ?? ''}/${regarding.uid ?? ''}`)) {
      return drop(entry, new Error('too many events about one object'));
    }
    series.set(key, entry);
    if (series.size > maxSeries)
      for (const oldest of series.keys()) {
        series.delete(oldest);
        break;
      }
    cancelSweep ??= clock.setTimeout(sweep, sweepMs);
    enqueue(entry);
  };

  return {
    record(regarding, happening) {
      if (!accepting) return;
      try {
        record(regarding, happening);
      } catch {
        dropped += 1;
      }
    },
    async stop(graceMs) {
      accepting = false;
      cancelSweep?.();
      for (const entry of series.values()) if (isBehind(entry)) enqueue(entry);
      const cancel = clock.setTimeout(() => stopping.abort(new Error('the event recorder is stopped')), graceMs);
      await sending;
      cancel();
    },
    stats: () => ({ queued: queue.length, written, dropped }),
  };
}

function isBehind(entry: Series): boolean {
  return entry.count > entry.writtenCount;
}

function identityOf(regarding: ObjectReference, { type, reason, action, note, related }: Happening): string {
  const { kind, namespace, name, uid } = regarding;
  return JSON.stringify([type, action, reason, note, kind, namespace, name, uid, related]);
}

/** events.k8s.io allows 1,024 bytes (apis/core/validation: NoteLengthLimit), which is fewer characters than it seems. */
function cutNote(note: string): string {
  const bytes = Buffer.from(note);
  if (bytes.length <= 1024) return note;
  const mark = '…';
  let end = 1024 - Buffer.byteLength(mark);
  // In UTF-8 a byte whose top bits are 10 continues a character, which is not cut in two.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString() + mark;
}
