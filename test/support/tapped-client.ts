import type { Client } from '#src/kubernetes/client.ts';

/** One call to the Kubernetes API. */
interface KubernetesCall {
  readonly verb: 'get' | 'list' | 'create' | 'replace' | 'replaceStatus' | 'patch' | 'delete';
  readonly plural: string;
  readonly writes: boolean;
}

export interface Tap {
  /** Called before a call is sent and after it was answered; what it throws breaks the call there. */
  observe(call: KubernetesCall, when: 'before' | 'after'): void;
}

export interface TappedClient {
  readonly client: Client;
  readonly calls: readonly KubernetesCall[];
  forgetCalls(): void;
  /** How many calls wait for their answer. */
  readonly inFlight: number;
}

const verbs = ['get', 'list', 'create', 'replace', 'replaceStatus', 'patch', 'delete'] as const;
const writing: ReadonlySet<string> = new Set(['create', 'replace', 'replaceStatus', 'patch', 'delete']);

/** The same client, with every call counted and open to breaking. Watches pass through. */
export function tapClient(client: Client, tap: () => Tap | undefined): TappedClient {
  const calls: KubernetesCall[] = [];
  let inFlight = 0;
  const tapped = Object.fromEntries(
    verbs.map((verb) => [
      verb,
      async (resource: { plural: string }, ...rest: readonly unknown[]) => {
        const call = { verb, plural: resource.plural, writes: writing.has(verb) };
        tap()?.observe(call, 'before');
        calls.push(call);
        inFlight += 1;
        try {
          return await (client[verb] as (...args: readonly unknown[]) => Promise<unknown>)(resource, ...rest);
        } finally {
          inFlight -= 1;
          tap()?.observe(call, 'after');
        }
      },
    ]),
  );
  return {
    client: { ...client, ...tapped },
    calls,
    forgetCalls: () => void calls.splice(0),
    get inFlight() {
      return inFlight;
    },
  };
}
