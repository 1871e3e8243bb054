import type { CallRecord, WriteRecord } from '#src/aws/gateway.ts';
import { isConflict } from '#src/kubernetes/api-error.ts';
import type { Log } from '#src/telemetry/log.ts';
import type { OperatorMetric } from '#src/telemetry/metrics.ts';
import type { MetricRegistry } from '#src/telemetry/registry.ts';
import type { Report } from './operator.ts';

export interface ProcessReport extends Report {
  awsCall(call: CallRecord): void;
  awsWrite(write: WriteRecord): void;
}

/** What happens, as log lines and counts: one line per AWS write, and none when nothing happens. */
export function createReport(
  log: Log,
  metrics: Pick<MetricRegistry<OperatorMetric>, 'add' | 'observe'>,
): ProcessReport {
  return {
    outcome(key, outcome, reconcileID) {
      const { next, events, status } = outcome;
      const ready = status.conditions?.find(({ type }) => type === 'Ready');
      if (next.kind === 'stalled')
        metrics.add('controller_runtime_terminal_reconcile_errors_total', { controller: 'bedrockmonitor' });
      for (const { reason, note } of events) {
        if (reason === 'DriftCorrected')
          metrics.add('bedrockmonitor_drift_corrected_total', { kind: note.split('/')[0] ?? '' });
      }
      const fields = { monitor: key, reconcileID, next: next.kind, ready: ready?.status, reason: ready?.reason };
      if (events.length === 0) log.debug('pass ended', fields);
      else log.info('pass ended', { ...fields, events: events.map(({ reason, note }) => `${reason}: ${note}`) });
    },
    passFailed(error, key, reconcileID) {
      // Somebody wrote the monitor or the claim first: the next pass reads it again.
      if (isConflict(error)) log.debug('pass met a conflicting write', { monitor: key, reconcileID });
      else log.error('pass failed', { monitor: key, reconcileID, error });
    },
    problem: (what, error) => log.warn(what, { error }),
    awsCall({ service, operation, outcome, durationMs }) {
      metrics.add('bedrockmonitor_aws_calls_total', { service, operation, outcome });
      metrics.observe('bedrockmonitor_aws_call_duration_seconds', { service, operation }, durationMs / 1000);
    },
    awsWrite: ({ outcome, ...write }) => {
      const fields = { ...write, durationMs: Math.round(write.durationMs), outcome };
      if (outcome === 'Succeeded') log.info('AWS write', fields);
      else log.warn('AWS write', fields);
    },
  };
}
