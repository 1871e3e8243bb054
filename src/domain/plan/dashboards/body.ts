import type { BedrockMonitorSpec, DashboardEntry } from '#src/api/v1alpha1.ts';
import type { Json } from '../../json.ts';
import { modelSegment } from '../../names.ts';
import type { Kind } from '../../resource.ts';
import { chooseModels } from '../models.ts';
import { recordsGroup } from '../records-group.ts';
import { blocked, noted } from '../remark.ts';
import type { Facts, Planned, Remark } from '../types.ts';
import { costsTooMany } from './cost.ts';
import { placed, type Sized } from './grid.ts';
import { searches } from './metric-graph.ts';
import { dashboardPreset } from './presets.ts';
import type { Subject } from './subject.ts';

/** A body, or why there is none. */
export interface PresetBody {
  readonly json: Json | undefined;
  readonly remarks: readonly Remark[];
  /** Models that patterns found. */
  readonly seen: readonly string[];
}

/** Own widgets alone: they need no fact. */
export function widgetsBody(entry: DashboardEntry, facts: Facts): PresetBody {
  return { json: { widgets: placed([], ownWidgets(entry, facts)) }, remarks: [], seen: [] };
}

/**
 * A preset, and own widgets below it. From an unknown log group, and from models that could not be read, nothing is
 * drawn: a dashboard that loses a widget for one failed read would be rewritten twice.
 */
export function presetBody(
  entry: DashboardEntry,
  spec: BedrockMonitorSpec,
  facts: Facts,
  before: readonly Planned[],
): PresetBody {
  const path = `dashboards/${entry.name}`;
  const draw = dashboardPreset(entry.preset ?? '');
  if (draw === undefined) {
    const message = `dashboard ${entry.name} uses a preset that this release of the operator does not know: upgrade the operator, or use a preset as its documentation lists them, widgets or body`;
    return { json: undefined, remarks: [blocked('Dashboards', path, 'UnsupportedField', message)], seen: [] };
  }
  const accounts = [...new Set(entry.sourceAccountIDs ?? [])];
  const group = accounts.length > 0 ? { known: undefined } : recordsGroup(spec, facts);
  if ('unknown' in group) {
    const message = `dashboard ${entry.name} waits: the log group that Bedrock delivers to could not be read (${group.unknown})`;
    const remark = blocked('Dashboards', path, group.reason ?? 'DependencyNotReady', message);
    return { json: undefined, remarks: [remark], seen: [] };
  }
  const models = chooseModels(entry.models ?? spec.models, facts, 'Dashboards', path);
  if ('unknown' in facts.modelsInUse && models.remarks.length > 0) {
    return { json: undefined, remarks: models.remarks, seen: models.seen };
  }
  const subject: Subject = {
    region: facts.place.region,
    partition: facts.place.partition,
    models: models.ids,
    accounts,
    logGroup: group.known,
    findingsGroup: accounts.length > 0 ? undefined : spec.dataProtection?.findings?.logGroup?.name,
    alarms: alarmARNs(before, facts),
    prices: pricesOf(spec),
  };
  const { rows, variables } = draw(subject);
  const json = {
    widgets: placed(rows, ownWidgets(entry, facts)),
    ...(variables.length > 0 && { variables }),
  };
  return { json, remarks: [...models.remarks, ...tooManyLines(entry, path, subject)], seen: models.seen };
}

/** CloudWatch's own JSON; AWS refuses a metric or log widget without Region. */
function ownWidgets({ widgets = [] }: DashboardEntry, { place }: Facts): readonly Sized[] {
  return widgets.map(({ type, width, height, properties }) => ({
    type,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    properties: type === 'metric' || type === 'log' ? { region: place.region, ...properties } : properties,
  }));
}

const alarmKinds: ReadonlySet<Kind> = new Set<Kind>(['MetricAlarm', 'CompositeAlarm', 'LogAlarm']);

/** Composites first: they say more in fewer words. */
function alarmARNs(before: readonly Planned[], { place }: Facts): readonly string[] {
  const alarms = before.map(({ resource }) => resource).filter(({ kind }) => alarmKinds.has(kind));
  const composites = alarms.filter(({ kind }) => kind === 'CompositeAlarm');
  const others = alarms.filter(({ kind }) => kind !== 'CompositeAlarm');
  return [...composites, ...others].map(
    ({ name }) => `arn:${place.partition}:cloudwatch:${place.region}:${place.accountID}:alarm:${name}`,
  );
}

/** Of two prices of one model, one of them under its ARN, the first counts. */
function pricesOf({ modelPrices = [] }: BedrockMonitorSpec): Subject['prices'] {
  const byModel = new Map(modelPrices.toReversed().map((price) => [modelSegment(price.model), price]));
  return [...byModel].map(([model, price]) => ({ ...price, model })).toReversed();
}

function tooManyLines({ name, preset }: DashboardEntry, path: string, subject: Subject): readonly Remark[] {
  const { models = [], accounts } = subject;
  const note = (message: string): Remark => noted('Dashboards', path, 'TooManyLines', message);
  const divide = 'name fewer models or accounts, or divide them among several dashboards';
  return [
    ...(searches(subject)
      ? [
          note(
            `${models.length} models of ${accounts.length} accounts are too many lines for the graphs of dashboard ${name}, which show all models of these accounts instead: ${divide}`,
          ),
        ]
      : []),
    ...(preset === 'TokensAndCost' && costsTooMany(subject)
      ? [
          note(
            `dashboard ${name} leaves out the cost: the prices of ${subject.prices.length} models in ${accounts.length} accounts are more than a widget takes: ${divide}`,
          ),
        ]
      : []),
  ];
}
