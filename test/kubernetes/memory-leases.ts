import { ApiError } from '#src/kubernetes/api-error.ts';
import type { Lease, Leases } from '#src/kubernetes/lease.ts';

export interface MemoryLeases {
  readonly leases: Leases;
  /** As the server has it. */
  stored(name: string): Lease | undefined;
  /** Somebody else writes. */
  put(name: string, change: (lease: Lease) => Lease): void;
  remove(name: string): void;
  /** `create`, `replace`, … in order. */
  readonly calls: string[];
}

/** Leases in memory, with the versions and conflicts of a server. `before` runs ahead of each call and may fail it. */
export function memoryLeases(
  before: (call: string, signal: AbortSignal | undefined) => Promise<void> = async () => {},
): MemoryLeases {
  const stored = new Map<string, Lease>();
  const calls: string[] = [];
  let version = 0;

  const save = (lease: Lease): Lease => {
    version += 1;
    const metadata = { uid: `uid-${version}`, ...lease.metadata, resourceVersion: String(version) };
    const saved = structuredClone({ ...lease, metadata });
    stored.set(metadata.name ?? '', saved);
    return saved;
  };
  const conflict = (name: string, reason: string) => new ApiError(409, reason, `lease ${name}: ${reason}`);
  const arrive = async (call: string, signal: AbortSignal | undefined) => {
    calls.push(call);
    await before(call, signal);
  };

  return {
    calls,
    stored: (name) => stored.get(name),
    put(name, change) {
      save(change(stored.get(name) ?? { metadata: { name } }));
    },
    remove: (name) => void stored.delete(name),
    leases: {
      async get(name, signal) {
        await arrive('get', signal);
        return stored.get(name);
      },
      async create(lease, signal) {
        await arrive('create', signal);
        const { name = '' } = lease.metadata;
        if (stored.has(name)) throw conflict(name, 'AlreadyExists');
        return save(lease);
      },
      async replace(lease, signal) {
        await arrive('replace', signal);
        const { name = '', resourceVersion } = lease.metadata;
        const held = stored.get(name);
        if (!held) throw new ApiError(404, 'NotFound', `lease ${name}: NotFound`);
        if (held.metadata.resourceVersion !== resourceVersion) throw conflict(name, 'Conflict');
        return save(lease);
      },
      async delete(lease, signal) {
        await arrive('delete', signal);
        stored.delete(lease.metadata.name ?? '');
      },
    },
  };
}
