import { row } from './grid.ts';
import { dashboardQueries } from './log-queries.ts';
import { logWidget } from './log-table.ts';
import { graph, searched } from './metric-graph.ts';
import type { Draw, Subject } from './subject.ts';

/**
 * What masking finds: how many records, which identifiers, in calls of which model. The findings count for everything
 * that is masked in the Region, since AWS's pages disagree on the dimensions of LogEventsWithFindings. What is masked is
 * never shown, as the queries read what CloudWatch Logs gives out.
 */
export const privacy: Draw = (subject) => ({
  rows: [
    row(
      6,
      searched(
        'Log events with findings, in all masked groups of the Region',
        'Namespace="AWS/Logs"',
        'LogEventsWithFindings',
        'Sum',
        '${LABEL}',
        subject,
      ),
      arrived(subject),
      logWidget('Findings by identifier', dashboardQueries.findingsByIdentifier, subject.findingsGroup, subject, 'bar'),
    ),
    row(8, logWidget('Latest findings', dashboardQueries.latestFindings, subject.findingsGroup, subject)),
    row(
      6,
      logWidget('Masked records by model', dashboardQueries.maskedByModel, subject.logGroup, subject, 'bar'),
      logWidget('Latest masked records', dashboardQueries.latestMasked, subject.logGroup, subject),
    ),
  ],
  variables: [],
});

/** Beside the findings, out of how many: the events of the group of the records. */
function arrived(subject: Subject) {
  const { logGroup } = subject;
  if (logGroup === undefined) return undefined;
  const metric = ['AWS/Logs', 'IncomingLogEvents', 'LogGroupName', logGroup, { label: 'Log events' }];
  return graph('Log events in the group of the records', [metric], subject, { stat: 'Sum' });
}
