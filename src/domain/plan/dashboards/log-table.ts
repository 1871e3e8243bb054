import type { Block } from './grid.ts';
import type { Subject } from './subject.ts';

/** How CloudWatch draws the rows of a query. */
type LogView = 'table' | 'timeSeries' | 'bar' | 'pie';

/** A Logs Insights query over one group, in the time range of the graphs beside it; undefined where there is no group. */
export function logWidget(
  title: string,
  query: string,
  group: string | undefined,
  { region }: Subject,
  view: LogView = 'table',
): Block | undefined {
  if (group === undefined) return undefined;
  return { type: 'log', properties: { title, view, region, query: `SOURCE '${group}' | ${query}` } };
}
