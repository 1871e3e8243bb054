import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { Lane } from '#src/reconcile/ports.ts';
import type { Clients } from './clients.ts';
import type { Clock } from './clock.ts';
import { pause } from './clock.ts';
import type { CallContext, ErrorClass } from './errors.ts';
import { awsName, classify, failureOf, refusalKey } from './errors.ts';
import type { FirstRefusals } from './first-refusal.ts';
import type { Input, OperationName, Output } from './operations.ts';
import { operations, serviceOf } from './operations.ts';
import type { Budget, Pacer } from './pacing.ts';

/** One attempt at a call, for metrics. */
export interface CallRecord {
  readonly service: string;
  readonly operation: string;
  readonly outcome: 'Succeeded' | ErrorClass;
  readonly durationMs: number;
}

/** One attempt at a write, for the log: who did what to which resource, and what AWS said. */
export interface WriteRecord extends CallRecord {
  readonly accountID: string | undefined;
  readonly region: string;
  readonly resource: string;
  /** `<namespace>/<name>` of the monitor. */
  readonly monitor: string;
  /** AWS's name of the error; absent: it succeeded. */
  readonly error?: string;
}

/** What a gateway is made of; all of it is the process's. */
export interface GatewayOptions {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly refusals: FirstRefusals;
  /** Between 0 and 1; spreads retries. */
  readonly random: () => number;
  /** Throws where this process may not act (any more): it has lost its Lease. Asked before every call. */
  readonly fence: () => void;
  readonly onCall?: (call: CallRecord) => void;
  readonly onWrite?: (write: WriteRecord) => void;
}

/** Where and for whom a call is made. */
export interface Caller {
  readonly clients: Clients;
  /** Absent: not known yet. */
  readonly accountID: string | undefined;
  readonly region: string;
  readonly lane: Lane;
  /** `<namespace>/<name>` of the monitor, or empty for a call on behalf of many. */
  readonly monitor: string;
}

/** The one way to AWS. */
export interface Gateway {
  /**
   * Calls AWS when it is our turn. What passes by itself (throttling, outages, AWS busy with the same resource) is
   * tried up to four times. `resource` is the ARN or name for messages, `*` for none.
   *
   * Throws Waiting or Stalled with AWS's error as its cause; the signal's reason when aborted; what `fence` throws.
   */
  call<N extends OperationName>(
    caller: Caller,
    name: N,
    resource: string,
    input: Input<N>,
    signal: AbortSignal,
  ): Promise<Output<N>>;
}

const ATTEMPTS = 4;
/** Doubled at every attempt; only what passes by itself is tried again. */
const backoffMs: Partial<Record<ErrorClass, number>> = { Throttled: 500, Unavailable: 200, Concurrent: 500 };

/** One for the process: rates hold only if all calls go through it. */
export function createGateway(options: GatewayOptions): Gateway {
  const { clock, pacer, refusals, random, fence } = options;

  const attempt = async <N extends OperationName>(
    caller: Caller,
    name: N,
    resource: string,
    input: Input<N>,
    signal: AbortSignal,
  ): Promise<Output<N>> => {
    const startedAt = clock.monotonic();
    const record = (outcome: CallRecord['outcome'], error?: unknown) => {
      const [service, operation] = [serviceOf(name), name.slice(name.indexOf(':') + 1)];
      const call = { service, operation, outcome, durationMs: clock.monotonic() - startedAt };
      options.onCall?.(call);
      if (!operations[name].writes) return;
      const { accountID, region, monitor } = caller;
      const failed = error === undefined ? {} : { error: awsName(error) };
      options.onWrite?.({ ...call, accountID, region, resource, monitor, ...failed });
    };
    try {
      const output = await caller.clients.send(name, input, signal);
      record('Succeeded');
      return output;
    } catch (error) {
      record(classify(error), error);
      throw error;
    }
  };

  return {
    async call(caller, name, resource, input, signal) {
      const budget = budgetOf(caller, name);
      const context: CallContext = { name, resource, accountID: caller.accountID, region: caller.region };
      for (let tried = 1; ; tried += 1) {
        await pacer.turn(budget, caller.lane, signal);
        fence();
        try {
          const output = await attempt(caller, name, resource, input, signal);
          pacer.answered(budget);
          refusals.allowed(refusalKey(context));
          return output;
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          if (error instanceof Waiting || error instanceof Stalled) throw error;
          const kind = classify(error);
          if (kind === 'Throttled') pacer.throttled(budget);
          const base = backoffMs[kind];
          if (base === undefined || tried >= ATTEMPTS) throw failureOf(error, context, refusals);
          await pause(clock, base * 2 ** (tried - 1) * (0.5 + random() / 2), signal);
        }
      }
    },
  };
}

function budgetOf({ accountID, region }: Caller, name: OperationName): Budget {
  const { perSecond, budget } = operations[name];
  const place = budget === 'Account' ? `account ${accountID}` : `account ${accountID}, ${region}`;
  return { key: `${name} in ${place}`, perSecond };
}
