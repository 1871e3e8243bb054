import { row } from './grid.ts';
import { dashboardQueries } from './log-queries.ts';
import { logWidget } from './log-table.ts';
import { searched } from './metric-graph.ts';
import type { Draw } from './subject.ts';
import { regionVariable } from './variables.ts';

const NAMESPACE = '"AWS/Bedrock/Guardrails"';
const BY_GUARDRAIL = `{${NAMESPACE},GuardrailArn,GuardrailVersion}`;
const GUARDRAIL = "${PROP('Dim.GuardrailArn')} ${PROP('Dim.GuardrailVersion')}";
const BY_POLICY = `{${NAMESPACE},GuardrailPolicyType}`;
const BY_SOURCE = `{${NAMESPACE},GuardrailContentSource}`;

/**
 * What guardrails check, stop and cost, by guardrail, policy and side ("Monitor Amazon Bedrock Guardrails using
 * CloudWatch metrics", Bedrock user guide). They are not counted by model, so `models` counts for nothing here.
 */
export const guardrails: Draw = (subject) => ({
  rows: [
    row(
      6,
      searched('Checks by guardrail', BY_GUARDRAIL, 'Invocations', 'Sum', GUARDRAIL, subject),
      searched('Interventions by guardrail', BY_GUARDRAIL, 'InvocationsIntervened', 'Sum', GUARDRAIL, subject),
    ),
    row(
      6,
      searched(
        'Interventions by policy',
        BY_POLICY,
        'InvocationsIntervened',
        'Sum',
        "${PROP('Dim.GuardrailPolicyType')}",
        subject,
      ),
      searched(
        'Interventions by side',
        BY_SOURCE,
        'InvocationsIntervened',
        'Sum',
        "${PROP('Dim.GuardrailContentSource')}",
        subject,
      ),
    ),
    row(
      6,
      searched('Latency by guardrail (p99, ms)', BY_GUARDRAIL, 'InvocationLatency', 'p99', GUARDRAIL, subject),
      searched('Text units by guardrail', BY_GUARDRAIL, 'TextUnitCount', 'Sum', GUARDRAIL, subject),
    ),
    row(
      6,
      searched('Throttles by guardrail', BY_GUARDRAIL, 'InvocationThrottles', 'Sum', GUARDRAIL, subject),
      searched('Server errors by guardrail', BY_GUARDRAIL, 'InvocationServerErrors', 'Sum', GUARDRAIL, subject),
      searched('Client errors by guardrail', BY_GUARDRAIL, 'InvocationClientErrors', 'Sum', GUARDRAIL, subject),
    ),
    row(
      6,
      logWidget(
        'Latest invocations that a guardrail stopped',
        dashboardQueries.latestInterventions,
        subject.logGroup,
        subject,
      ),
    ),
  ],
  variables: [regionVariable(subject)],
});
