import { ERROR_RATE_INCLUDE, errorRate } from '../error-rate.ts';
import { alarmStatus } from './alarm-status.ts';
import { row } from './grid.ts';
import { dashboardQueries } from './log-queries.ts';
import { logWidget } from './log-table.ts';
import { byModel, calculated, ofChosenModel, overall } from './metric-graph.ts';
import { callCurves } from './overview.ts';
import type { Draw } from './subject.ts';
import { modelVariable, regionVariable } from './variables.ts';

const PERIOD = 300;
/** A graph is not an alarm: one failure of two calls is shown as it is. */
const MINIMUM_CALLS = 1;

/** What fails: how much of it, on whose side, of which model, and the calls themselves as the log has them. */
export const errors: Draw = (subject) => ({
  rows: [
    ...alarmStatus(subject),
    row(
      6,
      calculated('Error rate (%)', errorRate(ERROR_RATE_INCLUDE, MINIMUM_CALLS, PERIOD, undefined), subject),
      overall('Calls and failures', callCurves, subject),
    ),
    row(
      6,
      byModel('Server errors by model', 'InvocationServerErrors', 'Sum', subject),
      byModel('Throttles by model', 'InvocationThrottles', 'Sum', subject),
    ),
    row(
      6,
      byModel('Client errors by model', 'InvocationClientErrors', 'Sum', subject),
      logWidget('Failed invocations by error', dashboardQueries.errorsByCode, subject.logGroup, subject, 'bar'),
    ),
    row(8, logWidget('Latest failed invocations', dashboardQueries.latestErrors, subject.logGroup, subject)),
    row(
      6,
      ofChosenModel('Calls', callCurves, subject),
      logWidget(
        'Latest invocations of the chosen model',
        dashboardQueries.latestOfChosenModel,
        subject.logGroup,
        subject,
      ),
    ),
    row(6, byModel('Invocations of legacy models', 'LegacyModelInvocations', 'Sum', subject)),
  ],
  variables: [regionVariable(subject), modelVariable(subject)],
});
