import { compareVersions } from './resource-version.ts';

/**
 * Our own writes that a cache has yet to show. Reading an object older than one's last write of it leads to doing
 * things twice; a pass waits until `met`.
 */
export interface Expectations {
  /** We wrote `key`, and the server answered with this version. Of several writes the newest counts. */
  expect(key: string, version: string | undefined): void;
  /**
   * Whether a cache that holds `key` at `cached` and has seen the type up to `seen` has our last write. Versions that
   * cannot be compared count as met: a cluster with opaque versions works as if there were no expectations.
   */
  met(key: string, cached: string | undefined, seen: string | undefined): boolean;
  forget(key: string): void;
  /** A full read begins: it will have every write expected before now. */
  beginSync(): void;
  /** The full read is in. Versions may start anew (a restored etcd), so nothing older than it is waited for. */
  endSync(): void;
  readonly size: number;
}

export function createExpectations(): Expectations {
  const expected = new Map<string, { readonly version: string; readonly epoch: number }>();
  let epoch = 0;

  return {
    expect(key, version) {
      if (version === undefined) return;
      const before = expected.get(key);
      if (before && (compareVersions(version, before.version) ?? 1) < 0) return;
      expected.set(key, { version, epoch });
    },
    met(key, cached, seen) {
      const entry = expected.get(key);
      if (!entry) return true;
      const reached = (version: string | undefined) =>
        version !== undefined && (compareVersions(version, entry.version) ?? 0) >= 0;
      if (!reached(cached) && !reached(seen)) return false;
      expected.delete(key);
      return true;
    },
    forget(key) {
      expected.delete(key);
    },
    beginSync() {
      epoch += 1;
    },
    endSync() {
      for (const [key, entry] of expected) if (entry.epoch < epoch) expected.delete(key);
    },
    get size() {
      return expected.size;
    },
  };
}
