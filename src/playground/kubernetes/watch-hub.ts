import type { Json } from '#src/domain/json.ts';
import type { Api } from './api.ts';
import type { WatchAnswer } from './http.ts';
import type { StoreEvent } from './store.ts';

/** Where a watch writes to. */
interface WatchSink {
  readonly write: (event: Json) => void;
  /** Closes the stream as a server does: the last chunk, no error. */
  readonly end: () => void;
  /** Cuts the connection. */
  readonly destroy: () => void;
}

export interface WatchHub {
  /** Feeds a watch until its time is over. Returns what to call when the client goes away. */
  readonly attach: (answer: WatchAnswer, sink: WatchSink) => () => void;
  readonly open: () => number;
  /** Cuts all watches, as a restarting server does. */
  readonly drop: () => void;
  /** Ends all watches properly. */
  readonly end: () => void;
  /** Watches stay open and silent, like a dead connection, until `resume` sends what they missed. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Sends a bookmark to every watch that asked for bookmarks. */
  readonly bookmark: () => void;
}

interface OpenWatch {
  readonly answer: WatchAnswer;
  readonly sink: WatchSink;
  /** What happened up to this revision was told when it opened. */
  readonly openedAt: number;
  readonly stop: () => void;
}

const bookmarkEveryMs = 60_000;

/** All open watches. Bookmarks come every minute, as from a real API server. */
export function createWatchHub(api: Api): WatchHub {
  const watches = new Set<OpenWatch>();
  let paused = false;
  let missed: StoreEvent[] = [];

  const tell = (event: StoreEvent): void => {
    for (const { answer, sink, openedAt } of watches) {
      const translated = event.revision > openedAt ? answer.watch.translate(event) : undefined;
      if (translated !== undefined) sink.write(answer.encode(translated));
    }
  };
  api.store.subscribe((event) => {
    if (paused) missed.push(event);
    else tell(event);
  });

  const closeAll = (close: (sink: WatchSink) => void): void => {
    for (const { sink, stop } of watches) {
      stop();
      close(sink);
    }
    missed = [];
  };

  const bookmark = (): void => {
    if (paused) return;
    for (const { answer, sink } of watches) {
      const event = answer.watch.bookmark(api.store.revision());
      if (event !== undefined) sink.write(answer.encode(event));
    }
  };

  return {
    attach(answer, sink) {
      for (const event of answer.watch.initial) sink.write(answer.encode(event));
      if (answer.watch.ended) {
        sink.end();
        return () => {};
      }
      const ticker = setInterval(bookmark, bookmarkEveryMs);
      const timer = setTimeout(() => {
        stop();
        sink.end();
      }, answer.timeoutMs);
      ticker.unref();
      timer.unref();
      const entry = { answer, sink, openedAt: api.store.revision(), stop: () => stop() };
      const stop = (): void => {
        clearInterval(ticker);
        clearTimeout(timer);
        watches.delete(entry);
      };
      watches.add(entry);
      return stop;
    },
    open: () => watches.size,
    drop: () => closeAll((sink) => sink.destroy()),
    end: () => closeAll((sink) => sink.end()),
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      const events = missed;
      missed = [];
      for (const event of events) tell(event);
    },
    bookmark,
  };
}
