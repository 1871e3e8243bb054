import type { MetricAlarm as WireAlarm } from '@aws-sdk/client-cloudwatch';
import type { AnomalyDetector } from '#src/domain/resource.ts';
import { bandedMetric, modelName, searchOf } from '#src/domain/trained-model.ts';
import { alarmFromWire } from './alarm-wire.ts';
import { detectorFromWire } from './anomaly-detector-wire.ts';
import type { Caller, Gateway } from './gateway.ts';
import { allPages } from './pages.ts';

/** AWS's most a page, of both lists. */
const PAGE = 100;

/** The models of those names: one list, narrowed to their namespace and metric where they share it. */
export async function describeDetectors(
  gateway: Gateway,
  caller: Caller,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, AnomalyDetector>> {
  const searches = names.map(searchOf);
  const namespace = common(searches.map((one) => one.namespace));
  const metric = common(searches.map((one) => one.metric));
  const input = {
    MaxResults: PAGE,
    ...(namespace !== undefined && { Namespace: namespace }),
    ...(metric !== undefined && { MetricName: metric }),
  };
  const wire = await allPages(async (NextToken) => {
    const page = await gateway.call(
      caller,
      'cloudwatch:DescribeAnomalyDetectors',
      '*',
      { ...input, NextToken },
      signal,
    );
    return { items: page.AnomalyDetectors, next: page.NextToken };
  });
  const models = wire.flatMap((one) => detectorFromWire(one, caller.accountID) ?? []);
  return new Map(models.filter(({ name }) => names.includes(name)).map((model) => [model.name, model]));
}

/**
 * The alarms, of anybody, that have a band on models of those names. Only reading all metric alarms tells:
 * DescribeAlarmsForMetric does not answer alarms on expressions, and a band is one (CloudWatch API reference).
 */
export async function alarmsWithBands(
  gateway: Gateway,
  caller: Caller,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly WireAlarm[]>> {
  const input = { AlarmTypes: ['MetricAlarm' as const], MaxRecords: PAGE };
  const alarms = await allPages(async (NextToken) => {
    const page = await gateway.call(caller, 'cloudwatch:DescribeAlarms', '*', { ...input, NextToken }, signal);
    return { items: page.MetricAlarms, next: page.NextToken };
  });
  const users = new Map<string, WireAlarm[]>();
  for (const alarm of alarms) {
    const metric = bandedMetric(alarmFromWire('', '', alarm), caller.accountID);
    const name = metric === undefined ? '' : modelName(metric);
    if (names.includes(name)) users.set(name, [...(users.get(name) ?? []), alarm]);
  }
  return users;
}

function common(values: readonly (string | undefined)[]): string | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}
