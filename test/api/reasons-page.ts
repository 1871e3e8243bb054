import { PART_CONDITIONS, PASSING_CONDITIONS } from '#src/api/conditions.ts';
import { anyPart } from '#src/api/reasons/any-part.ts';
import { eventReasons } from '#src/api/reasons/events.ts';
import { logging } from '#src/api/reasons/logging.ts';
import {
  alarms,
  crossAccount,
  dashboards,
  dataProtection,
  delivering,
  drifted,
  metricFilters,
  queries,
} from '#src/api/reasons/parts.ts';
import { ready } from '#src/api/reasons/ready.ts';
import type { ReasonText } from '#src/api/reasons/reason.ts';

const sections: readonly (readonly [heading: string, reasons: Readonly<Record<string, ReasonText>>])[] = [
  ['Every part, and Ready', anyPart],
  ['Ready', ready],
  ['DataProtected', dataProtection],
  ['LoggingConfigured (Conflict: DataProtected as well)', logging],
  ['AlarmsConfigured', alarms],
  ['DashboardsConfigured', dashboards],
  ['QueriesConfigured', queries],
  ['MetricFiltersConfigured', metricFilters],
  ['CrossAccountConfigured (Conflict as well)', crossAccount],
  ['Delivering (does not touch Ready)', delivering],
  ['Drifted', drifted],
];

const kinds: Readonly<Record<ReasonText['kind'], string>> = {
  ok: 'True',
  note: 'True, worth reading',
  wait: 'wait',
  stall: '**act**',
  held: 'held',
};

/** docs/reasons.md, from the constants. */
export function reasonsPage(): string {
  const [first, ...rest] = PART_CONDITIONS;
  return `# Reasons

Written from \`src/api/reasons\` by \`test/api/reasons.test.ts\`.

A reason is one word, and the same word in conditions, Events, logs and metrics. \`Ready\` takes over the first failure
in the order \`${first}\`, ${rest.map((type) => `\`${type}\``).join(', ')}; a part that the spec does not declare has no condition.
${PASSING_CONDITIONS.map((type) => `\`${type}\``).join(', ')} are present only while they hold.

| Kind | Conditions | Who acts, and when the operator looks again | kstatus | Argo CD |
|---|---|---|---|---|
| True | the part is True | nobody; AWS is read again at every resync (10 minutes) | Current | Healthy |
| True, worth reading | the part is True | nobody need; the message says what is worth knowing | Current | Healthy |
| wait | the part is False, \`Reconciling\` True | nobody; tried again with backoff | InProgress | Progressing |
| **act** | the part is False, \`Stalled\` True | somebody; looked at again after 1 minute, doubling to 10, and at once when the spec, the claim or the credentials list changes; cleared without help once it is mended | Failed | Degraded |
| held | the part is False | whoever asked for it in the spec | InProgress | Suspended |
${sections.map(([heading, reasons]) => section(heading, reasons)).join('')}
## Events that are no reason of a condition

| Reason | Means |
|---|---|
${Object.entries(eventReasons)
  .map(([name, means]) => `| ${name} | ${means} |`)
  .join('\n')}
`;
}

function section(heading: string, reasons: Readonly<Record<string, ReasonText>>): string {
  const rows = Object.entries(reasons).map(([name, { kind, waitsFirst, means, heals }]) => {
    const first = waitsFirst === undefined ? '' : ` (wait for the first ${waitsFirst})`;
    return `| ${name} | ${kinds[kind]}${first} | ${means} | ${heals} |`;
  });
  return `\n## ${heading}\n\n| Reason | Kind | Means | How it heals |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}
