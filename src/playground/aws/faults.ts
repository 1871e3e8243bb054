import type { JsonObject } from '#src/domain/json.ts';
import type { Call } from './calls.ts';
import { AwsError } from './errors.ts';
import type { Service } from './operation.ts';
import { throttled } from './quotas.ts';

/** Which calls a fault hits; every member that is given must fit. */
export interface CallMatcher {
  readonly service?: Service;
  readonly operation?: string | readonly string[];
  readonly account?: string;
  readonly region?: string;
  readonly input?: (input: JsonObject) => boolean;
}

export type Fault =
  | { readonly kind: 'Throttle' }
  /** HTTP 500 in the service's form, before the effect. */
  | { readonly kind: 'InternalError' }
  /** HTTP 503, before the effect. */
  | { readonly kind: 'Unavailable' }
  /** Any error by its name. */
  | {
      readonly kind: 'Error';
      readonly code: string;
      readonly message: string;
      readonly status?: number;
      readonly queryCode?: string;
    }
  /** The connection breaks: nothing happened, or everything did and only the answer is lost. */
  | { readonly kind: 'Reset'; readonly effect: 'Before' | 'After' }
  /** Never answers; ends when the caller aborts or the simulator closes. */
  | { readonly kind: 'Hang'; readonly effect: 'Before' | 'After' }
  /** The client's time-out strikes after this much clock time; SDKs see a TimeoutError. */
  | { readonly kind: 'Timeout'; readonly afterMs: number; readonly effect: 'Before' | 'After' }
  /** Takes this much clock time before the effect; other faults still apply. */
  | { readonly kind: 'Latency'; readonly ms: number };

export interface Faults {
  /** The next `times` calls that fit are hit. Returns a function that withdraws what is left. */
  add(matcher: CallMatcher, fault: Fault, times: number): () => void;
  /** Uses up the faults that hit this call: at most one that breaks it, and every latency. */
  hit(call: Call): readonly Fault[];
}

export function createFaults(): Faults {
  const planned: { matcher: CallMatcher; fault: Fault; left: number }[] = [];
  return {
    add(matcher, fault, times) {
      const entry = { matcher, fault, left: times };
      planned.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    hit(call) {
      const fitting = planned.filter((entry) => entry.left > 0 && fits(entry.matcher, call));
      const breaking = fitting.find((entry) => entry.fault.kind !== 'Latency');
      const taken = fitting.filter((entry) => entry.fault.kind === 'Latency' || entry === breaking);
      for (const entry of taken) entry.left -= 1;
      return taken.map((entry) => entry.fault);
    },
  };
}

/** The answer of a fault that is one. */
export function faultError(fault: Fault, service: Service): AwsError | undefined {
  switch (fault.kind) {
    case 'Throttle':
      return throttled(service);
    case 'InternalError':
      return service === 'monitoring'
        ? new AwsError('InternalServiceFault', 'Internal service error', {
            status: 500,
            queryCode: 'InternalServiceError',
          })
        : new AwsError(service === 'bedrock' ? 'InternalServerException' : 'InternalFailure', 'Internal server error', {
            status: 500,
          });
    case 'Unavailable':
      return new AwsError('ServiceUnavailableException', 'The service cannot complete the request.', { status: 503 });
    case 'Error':
      return new AwsError(fault.code, fault.message, {
        ...(fault.status !== undefined && { status: fault.status }),
        ...(fault.queryCode !== undefined && { queryCode: fault.queryCode }),
      });
    case 'Reset':
    case 'Hang':
    case 'Timeout':
    case 'Latency':
      return undefined;
  }
}

function fits(matcher: CallMatcher, call: Call): boolean {
  const { operation } = matcher;
  return (
    (matcher.service === undefined || matcher.service === call.service) &&
    (operation === undefined ||
      (typeof operation === 'string' ? operation === call.operation : operation.includes(call.operation))) &&
    (matcher.account === undefined || matcher.account === call.account) &&
    (matcher.region === undefined || matcher.region === call.region) &&
    (matcher.input === undefined || matcher.input(call.input))
  );
}
