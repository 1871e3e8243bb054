import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { SimulatorClock } from './clock.ts';
import type { Engine } from './engine.ts';
import { timedOut, wait } from './waiting.ts';

/** What an AWS SDK client takes as its `requestHandler`. */
export type SimulatedRequestHandler = Pick<
  NodeHttpHandler,
  'handle' | 'metadata' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

/** The simulator in place of the network: no sockets, and the clock that the simulator was given. */
export function createRequestHandler(engine: Engine, clock: SimulatorClock): SimulatedRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    async handle(request, options = {}) {
      const signal = abortSignal(options.abortSignal);
      const answer = engine(
        {
          method: request.method,
          path: request.path,
          query: queryOf(request.query),
          headers: lowerCase(request.headers),
          body: bodyText(request.body),
        },
        signal,
      );
      const { requestTimeout } = options;
      const response = await (requestTimeout === undefined || requestTimeout === 0
        ? answer
        : within(answer, requestTimeout, clock, signal));
      return {
        response: {
          statusCode: response.status,
          headers: { ...response.headers },
          body: new TextEncoder().encode(response.body),
        },
      };
    },
  };
}

async function within<T>(answer: Promise<T>, ms: number, clock: SimulatorClock, signal: AbortSignal | undefined) {
  const settled = new AbortController();
  const stop = signal === undefined ? settled.signal : AbortSignal.any([signal, settled.signal]);
  const late = wait(clock, ms, stop).then(() => {
    throw timedOut(ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    settled.abort();
    // The loser's rejection is nobody's news.
    late.catch(() => {});
    answer.catch(() => {});
  }
}

/** SDKs may pass their own, older kind of signal; only the platform's is followed. */
function abortSignal(signal: unknown): AbortSignal | undefined {
  return signal instanceof AbortSignal ? signal : undefined;
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function queryOf(query: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query ?? {}).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  );
}

function bodyText(body: unknown): string {
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return typeof body === 'string' ? body : '';
}
