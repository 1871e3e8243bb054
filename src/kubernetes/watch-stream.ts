import type { Status } from './api-error.ts';
import { errorFromEvent } from './api-error.ts';
import type { KubernetesObject, ObjectMeta } from './api-resource.ts';

export type WatchEvent<T extends KubernetesObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: ObjectMeta } };

/** What came over the wire was no watch event: something may have been lost, so only a new list is safe. */
export class MalformedWatch extends Error {
  override readonly name = 'MalformedWatch';
}

/** Objects are at most 1.5 MB in etcd; a line beyond this is not from an API server. */
const maxLineBytes = 16 * 1024 * 1024;

/**
 * Splits a watch body into events. An ERROR event is thrown as `ApiError`; event types of later releases are passed
 * over; a line that is no event throws `MalformedWatch`. A last line without its newline was cut off: it is dropped,
 * and the next watch from the last resourceVersion brings it again.
 */
export async function* watchEvents<T extends KubernetesObject>(
  call: string,
  body: AsyncIterable<Buffer>,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of lines(call, body)) {
    const event = parse<T>(call, line);
    switch (event.type) {
      case 'ERROR':
        throw errorFromEvent(call, event.object);
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED':
      case 'BOOKMARK':
        yield event;
        break;
      default:
    }
  }
}

async function* lines(call: string, body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, end)]).toString('utf8');
      parts = [];
      size = 0;
      from = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > maxLineBytes) throw new MalformedWatch(`${call}: a line of the watch is over ${maxLineBytes} bytes`);
    }
  }
}

type Line<T extends KubernetesObject> = WatchEvent<T> | { readonly type: 'ERROR'; readonly object: Status };

/** Checks the frame; that the object within is a `T` is the server's word. */
function parse<T extends KubernetesObject>(call: string, line: string): Line<T> {
  let event: Line<T> | null;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new MalformedWatch(`${call}: the watch sent a line that is not JSON`, { cause });
  }
  const object: unknown = event?.object;
  const whole = typeof object === 'object' && object !== null && (event?.type === 'ERROR' || 'metadata' in object);
  if (!event || !whole) throw new MalformedWatch(`${call}: the watch sent a line that is no event`);
  return event;
}
