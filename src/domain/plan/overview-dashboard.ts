import type { Json, JsonObject } from '../json.ts';
import { BEDROCK } from './bedrock-metric.ts';
import { latestPrompts } from './query-presets.ts';

/** Seconds of one point in the graphs. */
const PERIOD = 300;
const COLUMNS = 24;
const HEIGHT = 6;

/** What the Overview is drawn from. */
export interface OverviewSubject {
  readonly region: string;
  /** One line per model; undefined: a search finds every model that has metrics. */
  readonly models: readonly string[] | undefined;
  /** Undefined: no group holds records, and the latest prompts are left out. */
  readonly logGroup: string | undefined;
}

/** Invocations, latency and tokens by model, and the latest prompts: the dashboard of AWS's post, for one Region. */
export function overview(subject: OverviewSubject): Json {
  const graphs = [
    graph('Invocations by model', 'Invocations', 'Sum', subject),
    graph('Latency by model (p99, ms)', 'InvocationLatency', 'p99', subject),
    graph('Input tokens by model', 'InputTokenCount', 'Sum', subject),
    graph('Output tokens by model', 'OutputTokenCount', 'Sum', subject),
  ];
  const half = COLUMNS / 2;
  const placed = graphs.map((properties, index) => ({
    type: 'metric',
    x: (index % 2) * half,
    y: Math.floor(index / 2) * HEIGHT,
    width: half,
    height: HEIGHT,
    properties,
  }));
  const below = (placed.length / 2) * HEIGHT;
  return { widgets: [...placed, ...prompts(subject, below)] };
}

function graph(title: string, metric: string, statistic: string, { region, models }: OverviewSubject): JsonObject {
  const metrics: Json =
    models === undefined
      ? [
          [
            {
              id: 'models',
              expression: `SEARCH('{${BEDROCK},ModelId} MetricName="${metric}"', '${statistic}', ${PERIOD})`,
              label: "${PROP('Dim.ModelId')}",
            },
          ],
        ]
      : models.map((model) => [BEDROCK, metric, 'ModelId', model, { label: model }]);
  return {
    title,
    view: 'timeSeries',
    stacked: false,
    region,
    period: PERIOD,
    stat: statistic,
    metrics,
    yAxis: { left: { min: 0, showUnits: false } },
  };
}

function prompts({ region, logGroup }: OverviewSubject, y: number): readonly JsonObject[] {
  if (logGroup === undefined) return [];
  const properties = {
    title: 'Latest prompts',
    view: 'table',
    region,
    query: `SOURCE '${logGroup}' | ${latestPrompts}`,
  };
  return [{ type: 'log', x: 0, y, width: COLUMNS, height: HEIGHT + 2, properties }];
}
