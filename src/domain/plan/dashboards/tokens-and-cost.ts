import { costRows } from './cost.ts';
import { row } from './grid.ts';
import { dashboardQueries } from './log-queries.ts';
import { logWidget } from './log-table.ts';
import { byModel, type Curve, ofChosenModel } from './metric-graph.ts';
import type { Draw } from './subject.ts';
import { modelVariable, regionVariable } from './variables.ts';

const tokenCurves: readonly Curve[] = [
  { metric: 'InputTokenCount', statistic: 'Sum', label: 'Input' },
  { metric: 'OutputTokenCount', statistic: 'Sum', label: 'Output' },
  { metric: 'CacheReadInputTokenCount', statistic: 'Sum', label: 'Read from cache' },
  { metric: 'CacheWriteInputTokenCount', statistic: 'Sum', label: 'Written to cache' },
];

/** Where the tokens go: by model, against the quota, in USD where the spec has prices, and by caller. */
export const tokensAndCost: Draw = (subject) => ({
  rows: [
    row(
      6,
      byModel('Input tokens by model', 'InputTokenCount', 'Sum', subject, { stacked: true }),
      byModel('Output tokens by model', 'OutputTokenCount', 'Sum', subject, { stacked: true }),
    ),
    ...costRows(subject),
    row(
      6,
      byModel('Tokens per minute against the quota', 'EstimatedTPMQuotaUsage', 'Sum', subject, { period: 60 }),
      byModel('Input tokens read from cache by model', 'CacheReadInputTokenCount', 'Sum', subject),
    ),
    row(
      6,
      ofChosenModel('Tokens', tokenCurves, subject),
      logWidget('Tokens by caller', dashboardQueries.tokensByCaller, subject.logGroup, subject),
    ),
  ],
  variables: [regionVariable(subject), modelVariable(subject)],
});
