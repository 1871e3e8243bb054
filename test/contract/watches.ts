import { describe, expect, it } from 'vitest';
import type { WatchedEvent } from './contract-api.ts';
import type { Bench } from './widgets.ts';

/** Watches: from a version, from the beginning, streamed lists, bookmarks, selectors, expiry. */
export function watchesContract(bench: Bench): void {
  const { request, widgets, create, patch, path } = bench;
  const label = (value: string): string => `labelSelector=${encodeURIComponent(`watch=${value}`)}`;
  const version = async (): Promise<string> => (await request('GET', widgets)).body.metadata?.resourceVersion ?? '';
  const summary = ({ type, object }: WatchedEvent): string => `${type} ${object.metadata?.name ?? ''}`;

  /** The first `count` events of a watch. */
  async function take(query: string, count: number, meanwhile?: () => Promise<unknown>): Promise<WatchedEvent[]> {
    const controller = new AbortController();
    const events: WatchedEvent[] = [];
    const busy = meanwhile?.();
    for await (const event of bench.watch(`${widgets}?watch=true&${query}`, controller.signal)) {
      events.push(event);
      if (events.length === count) break;
    }
    await busy;
    controller.abort();
    return events;
  }

  describe('watches', () => {
    it('tells everything since a version, in order', async () => {
      const from = await version();
      const made = await create({ size: 1 }, { labels: { watch: 'since' } });
      const changed = (await patch(path(made), { spec: { size: 2 } })).body;
      await request('DELETE', path(made));
      const events = await take(`${label('since')}&resourceVersion=${from}`, 3);
      const name = made.metadata?.name;
      expect(events.map(summary)).toEqual([`ADDED ${name}`, `MODIFIED ${name}`, `DELETED ${name}`]);
      expect(events[0]?.object).toEqual(made);
      expect(events[1]?.object).toEqual(changed);
      expect(events[2]?.object.spec).toEqual(changed.spec);
      expect(Number(events[2]?.object.metadata?.resourceVersion)).toBeGreaterThan(
        Number(changed.metadata?.resourceVersion),
      );
    });

    it('tells what happens while it is open', async () => {
      const from = await version();
      const events = await take(`${label('live')}&resourceVersion=${from}`, 1, () =>
        create({ size: 1 }, { labels: { watch: 'live' } }),
      );
      expect(events[0]).toMatchObject({ type: 'ADDED', object: { kind: 'Widget', spec: { size: 1 } } });
    });

    it('begins with what is there when it has no version', async () => {
      const made = await create({ size: 1 }, { labels: { watch: 'there' } });
      const events = await take(label('there'), 1);
      expect(events).toEqual([{ type: 'ADDED', object: made }]);
    });

    it('adds to and deletes from a selection what begins and ceases to match', async () => {
      const made = await create({ size: 1 }, { labels: { watch: 'no' } });
      const from = await version();
      await patch(path(made), { metadata: { labels: { watch: 'match' } } });
      await patch(path(made), { metadata: { labels: { watch: 'no' } } });
      const events = await take(`${label('match')}&resourceVersion=${from}`, 2);
      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
      expect(events[1]?.object.metadata?.['labels']).toEqual({ watch: 'match' });
    });

    it('streams a list and marks its end with a bookmark', async () => {
      const made = await create({ size: 1 }, { labels: { watch: 'stream' } });
      const query =
        'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=';
      const [added, bookmark] = await take(`${label('stream')}&${query}`, 2);
      expect(added).toEqual({ type: 'ADDED', object: made });
      expect(bookmark).toMatchObject({
        type: 'BOOKMARK',
        object: { kind: 'Widget', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
      });
      expect(Number(bookmark?.object.metadata?.resourceVersion)).toBeGreaterThanOrEqual(
        Number(made.metadata?.resourceVersion),
      );
      const refused = await request('GET', `${widgets}?watch=true&sendInitialEvents=true`);
      expect(refused.body).toMatchObject({ code: 422, reason: 'Invalid' });
    });

    it('ends by itself after timeoutSeconds', async () => {
      const events = await take(`${label('nothing')}&resourceVersion=${await version()}&timeoutSeconds=1`, 1);
      expect(events).toEqual([]);
    });

    it('answers a version that is too old with an Expired error', async () => {
      const [event] = await take('resourceVersion=1', 1);
      // A real API server may still have the first revision: then it tells what came after it.
      if (event?.type !== 'ERROR') return;
      expect(event.object).toMatchObject({ kind: 'Status', code: 410, reason: 'Expired' });
      expect(event.object.message).toMatch(/^too old resource version: /);
    });
  });
}
