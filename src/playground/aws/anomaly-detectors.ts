import type { JsonObject } from '#src/domain/json.ts';
import { keyOf, type Training, trainingOfBand } from './anomaly-detector-keys.ts';
import {
  array,
  boolean,
  type Constraint,
  check,
  double,
  integer,
  oneOf,
  required,
  type Shape,
  string,
  structure,
} from './constraints.ts';
import { AwsError, validationError } from './errors.ts';
import { flag, number, object, objects, text, texts } from './members.ts';
import { dimensions, metricDataQuery } from './metric-query-constraints.ts';
import type { Operation, Permission, Scope } from './operation.ts';
import { page } from './paging.ts';
import type { AnomalyDetector } from './state.ts';

const namespace = string(1, 255, /^[^:].*$/);
const metricName = string(1, 255);
const stat = string(2, 50);
const singleMetric = structure({
  AccountId: string(1, 255),
  Namespace: namespace,
  MetricName: metricName,
  Dimensions: dimensions,
  Stat: stat,
});
const time: Constraint = double();
const trained: Shape = {
  // The four that came before SingleMetricAnomalyDetector still work.
  Namespace: namespace,
  MetricName: metricName,
  Dimensions: dimensions,
  Stat: stat,
  SingleMetricAnomalyDetector: singleMetric,
  MetricMathAnomalyDetector: structure({ MetricDataQueries: array(0, 500, metricDataQuery) }),
};
const detectorTypes = ['SINGLE_METRIC', 'METRIC_MATH'];
/** The answer's length where MaxResults is absent; AWS does not say. */
const pageSize = 100;

/** Models have no ARN: every permission is on `*` (Service Authorization Reference, Amazon CloudWatch). */
const permission = (name: string) => (): readonly Permission[] => [{ action: `cloudwatch:${name}`, resource: '*' }];

const putAnomalyDetector: Operation = {
  service: 'monitoring',
  name: 'PutAnomalyDetector',
  mutates: true,
  permissions: permission('PutAnomalyDetector'),
  run(input, scope) {
    check(
      input,
      {
        ...trained,
        Configuration: structure({
          ExcludedTimeRanges: array(0, 10, structure({ StartTime: required(time), EndTime: required(time) })),
          MetricTimezone: string(0, 50, /^.*$/),
          AdaptationSpeed: oneOf(['FAST', 'NORMAL', 'SLOW']),
          OutlierFilteringStrength: oneOf(['MINIMAL', 'MODERATE', 'STRICT']),
        }),
        MetricCharacteristics: structure({ PeriodicSpikes: boolean() }),
      },
      validationError,
    );
    const training = trainingOf(input);
    const configuration = object(input, 'Configuration') ?? {};
    checkConfiguration(configuration);
    const known = scope.region.anomalyDetectors.get(keyOf(training));
    if (known === undefined) requireRoom(scope);
    const characteristics = object(input, 'MetricCharacteristics');
    // A full replace: what an update leaves out is as AWS has it by default. What was learnt is not lost.
    const detector: AnomalyDetector = {
      id: known?.id ?? generatedID(scope),
      training,
      configuration,
      ...(characteristics !== undefined && { characteristics }),
      state: known?.state ?? 'PENDING_TRAINING',
    };
    put(detector, scope);
    return { AnomalyDetectorId: detector.id };
  },
};

const describeAnomalyDetectors: Operation = {
  service: 'monitoring',
  name: 'DescribeAnomalyDetectors',
  mutates: false,
  permissions: permission('DescribeAnomalyDetectors'),
  run(input, scope) {
    check(
      input,
      {
        AnomalyDetectorIds: array(0, 50, string(1)),
        MaxResults: integer(1),
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: dimensions,
        AnomalyDetectorTypes: array(0, 2, oneOf(detectorTypes)),
      },
      validationError,
    );
    const ids = texts(input, 'AnomalyDetectorIds');
    const filters = ['Namespace', 'MetricName', 'Dimensions', 'AnomalyDetectorTypes'];
    if (ids.length > 0 && filters.some((member) => input[member] !== undefined)) {
      throw invalidCombination('AnomalyDetectorIds cannot be combined with other filters.');
    }
    const size = number(input, 'MaxResults') ?? pageSize;
    if (size > 100) throw invalidValue('MaxResults must be at most 100.');
    // Without types, models on metric math do not show, except those that are named by ID.
    const types = texts(input, 'AnomalyDetectorTypes');
    const shown = ids.length > 0 ? detectorTypes : types.length > 0 ? types : ['SINGLE_METRIC'];
    const found = [...scope.seen(scope.region.anomalyDetectors)]
      .filter(([, one]) => shown.includes(one.training.type))
      .filter(([, one]) => ids.length === 0 || ids.includes(one.id))
      .filter(([, one]) => matches(one.training, input))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, one]) => one);
    const { items, nextToken } = page(found, size, text(input, 'NextToken'), () => {
      return new AwsError('InvalidNextToken', 'The next token specified is invalid.');
    });
    return { AnomalyDetectors: items.map(described), ...(nextToken !== undefined && { NextToken: nextToken }) };
  },
};

const deleteAnomalyDetector: Operation = {
  service: 'monitoring',
  name: 'DeleteAnomalyDetector',
  mutates: true,
  permissions: permission('DeleteAnomalyDetector'),
  run(input, scope) {
    check(input, { ...trained, AnomalyDetectorId: string(1) }, validationError);
    const { anomalyDetectors } = scope.region;
    const id = text(input, 'AnomalyDetectorId');
    const key =
      id === undefined ? keyOf(trainingOf(input)) : ([...anomalyDetectors].find(([, one]) => one.id === id)?.[0] ?? '');
    if (!anomalyDetectors.has(key)) {
      throw new AwsError('ResourceNotFoundException', 'The anomaly detector does not exist.', {
        status: 404,
        members: { ResourceType: 'AnomalyDetector', ResourceId: key },
      });
    }
    scope.changing(anomalyDetectors, key);
    anomalyDetectors.delete(key);
    // An alarm that still has its band makes the model anew, as it evaluates.
    for (const alarm of scope.region.alarms.values()) ensureDetector(alarm.configuration, scope);
    return {};
  },
};

export const anomalyDetectorOperations: readonly Operation[] = [
  putAnomalyDetector,
  describeAnomalyDetectors,
  deleteAnomalyDetector,
];

/**
 * What the evaluation of an alarm with a band does: where the model is missing it is made, with AWS's own settings.
 * For PutMetricAlarm, which is evaluated at once here. `configuration` is the alarm's; one without a band does nothing.
 */
export function ensureDetector(configuration: JsonObject, scope: Scope): void {
  const training = trainingOfBand(configuration);
  if (training === undefined || scope.region.anomalyDetectors.has(keyOf(training))) return;
  put({ id: generatedID(scope), training, configuration: {}, state: 'PENDING_TRAINING' }, scope);
}

function put(detector: AnomalyDetector, scope: Scope): void {
  const key = keyOf(detector.training);
  scope.changing(scope.region.anomalyDetectors, key);
  scope.region.anomalyDetectors.set(key, detector);
}

function requireRoom(scope: Scope): void {
  if (scope.region.anomalyDetectors.size < scope.countLimit('AnomalyDetectors')) return;
  throw new AwsError('LimitExceededException', 'The maximum limit for anomaly detectors has been reached.');
}

/** The one thing that a request says the model is about. */
function trainingOf(input: JsonObject): Training {
  const single = object(input, 'SingleMetricAnomalyDetector');
  const math = object(input, 'MetricMathAnomalyDetector');
  const members = ['Namespace', 'MetricName', 'Dimensions', 'Stat'];
  const old = members.some((member) => input[member] !== undefined);
  if ([single !== undefined, math !== undefined, old].filter(Boolean).length > 1) {
    throw invalidCombination(
      'Only one of SingleMetricAnomalyDetector, MetricMathAnomalyDetector and the metric itself can be specified.',
    );
  }
  if (math !== undefined) return mathOf(math);
  const metric = single ?? input;
  for (const member of ['Namespace', 'MetricName', 'Stat']) {
    if (text(metric, member) === undefined) {
      throw new AwsError('MissingRequiredParameterException', `The parameter ${member} is required.`, {
        queryCode: 'MissingParameter',
      });
    }
  }
  const { Namespace = '', MetricName = '', Stat = '', Dimensions = [], AccountId } = metric;
  return {
    type: 'SINGLE_METRIC',
    metric: { Namespace, MetricName, Dimensions, Stat, ...(AccountId !== undefined && { AccountId }) },
  };
}

function mathOf(math: JsonObject): Training {
  const queries = objects(math, 'MetricDataQueries').map((query) => ({
    ...query,
    ReturnData: flag(query, 'ReturnData') ?? true,
  }));
  if (queries.filter((query) => query.ReturnData).length !== 1) {
    throw invalidValue('Exactly one element of MetricDataQueries must return data.');
  }
  return { type: 'METRIC_MATH', queries };
}

function checkConfiguration(configuration: JsonObject): void {
  for (const range of objects(configuration, 'ExcludedTimeRanges')) {
    if ((number(range, 'StartTime') ?? 0) >= (number(range, 'EndTime') ?? 0)) {
      throw invalidValue('The StartTime of an excluded time range must be before its EndTime.');
    }
  }
  const zone = text(configuration, 'MetricTimezone') ?? '';
  if (zone !== '' && !isTimeZone(zone)) throw invalidValue(`The time zone ${zone} is not valid.`);
}

function isTimeZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Namespace, MetricName and Dimensions narrow an answer. */
function matches(training: Training, input: JsonObject): boolean {
  const asked = ['Namespace', 'MetricName'].filter((member) => input[member] !== undefined);
  if (training.type === 'METRIC_MATH') return asked.length === 0 && input['Dimensions'] === undefined;
  const { metric } = training;
  const named = (one: JsonObject) => `${text(one, 'Name')}=${text(one, 'Value')}`;
  const sought = objects(input, 'Dimensions').map(named);
  const own = objects(metric, 'Dimensions').map(named);
  return (
    asked.every((member) => input[member] === metric[member]) &&
    (input['Dimensions'] === undefined || (sought.length === own.length && sought.every((one) => own.includes(one))))
  );
}

/** As DescribeAnomalyDetectors answers: of a single metric also in the members that came first. */
function described({ id, training, configuration, characteristics, state }: AnomalyDetector): JsonObject {
  const head = {
    AnomalyDetectorId: id,
    Configuration: { ExcludedTimeRanges: [], ...configuration },
    ...(characteristics !== undefined && { MetricCharacteristics: characteristics }),
    StateValue: state,
  };
  if (training.type === 'METRIC_MATH') {
    return { ...head, MetricMathAnomalyDetector: { MetricDataQueries: training.queries } };
  }
  const { AccountId: _, ...metric } = training.metric;
  return { ...head, ...metric, SingleMetricAnomalyDetector: training.metric };
}

function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message, { queryCode: 'InvalidParameterCombination' });
}

function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}

function generatedID(scope: Scope): string {
  const hex = Array.from({ length: 32 }, () => scope.random(16).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
