import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** The whole body of an answer, in whatever form a request handler gives it; nothing for none. */
export async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  return body instanceof Readable ? buffer(body) : new Uint8Array();
}
