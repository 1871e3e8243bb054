import type { Json, JsonObject } from '../../json.ts';
import type { MetricQuery } from '../../resource.ts';
import { BEDROCK } from '../bedrock-metric.ts';
import type { BedrockMetricName } from '../metric-catalogue.ts';
import type { Block } from './grid.ts';
import type { Subject } from './subject.ts';
import { CHOSEN_MODEL } from './variables.ts';

/** Seconds of one point where nothing else is said. */
const PERIOD = 300;
/**
 * Lines of one graph. AWS takes 500 metrics in a widget and 2,500 in a dashboard ("CloudWatch service quotas"), and no
 * preset has more than twelve graphs.
 */
const MAX_LINES = 200;

/** One line: a metric of `AWS/Bedrock` and how it is read. */
export interface Curve {
  readonly metric: BedrockMetricName;
  readonly statistic: string;
  readonly label: string;
}

interface Style {
  readonly stacked?: true;
  /** Seconds. */
  readonly period?: number;
}

/** One line per model, or per model and account; where no models are named, or too many, whatever a search finds. */
export function byModel(
  title: string,
  metric: BedrockMetricName,
  statistic: string,
  subject: Subject,
  style: Style = {},
): Block {
  const { models } = subject;
  const period = style.period ?? PERIOD;
  const metrics: readonly Json[] =
    models === undefined || searches(subject)
      ? [search(`{${BEDROCK},ModelId}`, metric, statistic, period, "${PROP('Dim.ModelId')}", subject)]
      : models.flatMap((model) =>
          perAccount(subject, model).map((options) => [BEDROCK, metric, 'ModelId', model, options]),
        );
  return graph(title, metrics, subject, { ...style, stat: statistic });
}

/** Whether the models that are named make more lines than a graph should have. */
export function searches({ models, accounts }: Subject): boolean {
  return models !== undefined && models.length * Math.max(accounts.length, 1) > MAX_LINES;
}

/** Metrics of all models together: Bedrock also publishes them without a dimension. */
export function overall(title: string, curves: readonly Curve[], subject: Subject, style: Style = {}): Block {
  const metrics = curves.flatMap(({ metric, statistic, label }) =>
    perAccount(subject, label).map((options) => [BEDROCK, metric, { ...options, stat: statistic }]),
  );
  return graph(title, metrics, subject, style);
}

/** Metrics of the model that the reader chooses at the top of the dashboard (`modelVariable`). */
export function ofChosenModel(title: string, curves: readonly Curve[], subject: Subject): Block {
  const metrics = curves.flatMap(({ metric, statistic, label }) =>
    perAccount(subject, label).map((options) => [
      BEDROCK,
      metric,
      'ModelId',
      CHOSEN_MODEL,
      { ...options, stat: statistic },
    ]),
  );
  return graph(`${title}: ${CHOSEN_MODEL}`, metrics, subject);
}

/** Whatever a search over a schema of dimensions finds, such as `{"AWS/Bedrock/Guardrails",GuardrailArn}`. */
export function searched(
  title: string,
  schema: string,
  metric: string,
  statistic: string,
  label: string,
  subject: Subject,
): Block {
  const metrics = [search(schema, metric, statistic, PERIOD, label, subject)];
  return graph(title, metrics, subject, { stat: statistic });
}

/** Metric math as alarms have it, once for each account; only what `returnData` names is drawn. */
export function calculated(title: string, queries: readonly MetricQuery[], subject: Subject, style: Style = {}): Block {
  const accounts = subject.accounts.length === 0 ? [undefined] : subject.accounts;
  const metrics = accounts.flatMap((account, index) => {
    const names = new Map(queries.map(({ id }) => [id, account === undefined ? id : `${id}${index}`]));
    return queries.map((query) => entry(query, names, account));
  });
  return graph(title, metrics, subject, style);
}

/** A graph of entries as CloudWatch's source view has them. */
export function graph(
  title: string,
  metrics: readonly Json[],
  subject: Subject,
  { stacked = false, period = PERIOD, stat }: { stacked?: boolean; period?: number; stat?: string } = {},
): Block {
  const properties = {
    title,
    view: 'timeSeries',
    stacked,
    region: subject.region,
    period,
    ...(stat !== undefined && { stat }),
    metrics,
    yAxis: { left: { min: 0, showUnits: false } },
  };
  return { type: 'metric', properties };
}

/** How one line is labelled, once for each account that is shown. */
export function perAccount({ accounts }: Subject, label: string): readonly JsonObject[] {
  return accounts.length === 0
    ? [{ label }]
    : accounts.map((account) => ({ label: `${label} (${account})`, accountId: account }));
}

/** In a monitoring account a search covers all linked accounts, unless it names some ("CloudWatch search expression syntax"). */
function search(
  schema: string,
  metric: string,
  statistic: string,
  period: number,
  label: string,
  { accounts }: Subject,
): Json {
  const of = accounts.length === 0 ? '' : ` :aws.AccountId=(${accounts.join(' OR ')})`;
  return [
    {
      id: 'found',
      expression: `SEARCH('${schema} MetricName="${metric}"${of}', '${statistic}', ${period})`,
      label: accounts.length === 0 ? label : `${label} (\${PROP('AccountId')})`,
    },
  ];
}

function entry(query: MetricQuery, names: ReadonlyMap<string, string>, account: string | undefined): Json {
  const { metric, expression = '', label, returnData } = query;
  const options: JsonObject = {
    id: names.get(query.id) ?? query.id,
    ...(label !== undefined && { label: account === undefined ? label : `${label} (${account})` }),
    visible: returnData,
  };
  if (metric === undefined) {
    return [{ ...options, expression: expression.replaceAll(/[A-Za-z]\w*/g, (word) => names.get(word) ?? word) }];
  }
  const dimensions = Object.entries(metric.dimensions).flat();
  return [
    metric.namespace,
    metric.name,
    ...dimensions,
    { ...options, ...(account !== undefined && { accountId: account }), stat: metric.statistic, period: metric.period },
  ];
}
