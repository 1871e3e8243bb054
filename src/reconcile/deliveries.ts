import { id } from '#src/domain/claim.ts';
import type { LoggingFindings } from '#src/domain/conclude.ts';
import type { Saying } from '#src/domain/conditions.ts';
import { sayDelivering } from '#src/domain/delivering.ts';
import { deliveriesOf } from '#src/domain/logging-configuration.ts';
import type { Plan } from '#src/domain/plan.ts';
import { isOfKind } from '#src/domain/plan.ts';
import { troubleOf } from '#src/domain/result.ts';
import { rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';

/** The metrics are asked for at most so often: they cost money, and are some minutes old in any case. */
const POLL_MS = 600_000;
/** The first minute has no metrics yet. */
const PERIOD_MS = 60_000;
/** Older attempts are no news. */
const WINDOW_MS = 3 * 3_600_000;

/**
 * Whether records arrive, as the monitor that holds the logging configuration says it; undefined: another holds it, or
 * logging is off. What cannot be read is no trouble of a part.
 */
export async function watchDeliveries(
  pass: Pass,
  { state, claimedBy }: LoggingFindings,
  plan: Plan,
): Promise<Saying | undefined> {
  const { monitor, owner, ports, traffic, signal } = pass;
  const logging = plan.resources.find((one) => isOfKind(one, 'InvocationLogging'));
  if (state !== 'Enabled' || claimedBy !== id(owner) || logging === undefined) return undefined;
  const to = deliveriesOf(logging.resource.configuration);
  const subject = JSON.stringify(to);
  const nowMs = ports.clock.monotonic();
  const before = monitor.status?.conditions?.find(({ type }) => type === 'Delivering');
  const polled = ports.memory.deliveries.get(owner.uid);
  if (polled?.subject === subject && nowMs - polled.atMs < POLL_MS) return sayDelivering(to, polled.seen, before);
  const sinceMs = Math.min(WINDOW_MS, switchedOnMs(pass));
  if (sinceMs < PERIOD_MS) return sayDelivering(to, [], before);
  try {
    const seen = await traffic.deliveries(
      to.map(({ destination }) => destination),
      sinceMs,
      signal,
    );
    ports.memory.deliveries.set(owner.uid, { atMs: nowMs, subject, seen });
    return sayDelivering(to, seen, before);
  } catch (error) {
    rethrowIfOver(pass, error);
    const { kind, reason, message } = troubleOf(error);
    // What passes by itself is no news; what a person must mend is.
    return kind === 'stall'
      ? { type: 'Delivering', status: 'Unknown', reason, message }
      : sayDelivering(to, [], before);
  }
}

/** How long logging has been as declared: attempts from before say nothing about it. */
function switchedOnMs({ monitor, ports }: Pass): number {
  const logging = monitor.status?.conditions?.find(({ type }) => type === 'LoggingConfigured');
  return logging?.status === 'True' ? ports.clock.now() - Date.parse(logging.lastTransitionTime) : 0;
}
