import type { JsonObject } from '#src/domain/json.ts';
import { array, boolean, check, integer, map, oneOf, required, string } from './constraints.ts';
import { AwsError, invalidParameter, resourceNotFound } from './errors.ts';
import { requireUsableKey } from './kms.ts';
import { groupOf, logGroupARN } from './log-groups.ts';
import { flag, number, object, stringMap, text, texts } from './members.ts';
import { filterPattern, requireStandard, usable } from './metric-filters.ts';
import { arn, type Operation, type Scope } from './operation.ts';
import { page } from './paging.ts';
import type { LogAnomalyDetector } from './state.ts';
import { logTagKey, logTagValue } from './tag-constraints.ts';

const frequencies = ['ONE_MIN', 'FIVE_MIN', 'TEN_MIN', 'FIFTEEN_MIN', 'THIRTY_MIN', 'ONE_HOUR'];
const detectorARN = string(1, 2048, /^[\w#+=/:,.@-]*$/);
/** CreateLogAnomalyDetector: "between 7 and 90 days", 21 where absent; 500 detectors an account. */
const visibility = integer(7, 90);
const DEFAULT_VISIBILITY = 21;
const DETECTOR_LIMIT = 500;
/** It initialises before it trains on two weeks of data. */
const INITIAL_MS = 60_000;
const TRAINING_MS = 14 * 24 * 60 * 60 * 1000;

const createLogAnomalyDetector: Operation = {
  service: 'logs',
  name: 'CreateLogAnomalyDetector',
  mutates: true,
  permissions: (input, scope) => [
    ...texts(input, 'logGroupArnList').map((resource) => ({ action: 'logs:CreateLogAnomalyDetector', resource })),
    ...(object(input, 'tags')
      ? [{ action: 'logs:TagResource', resource: arn(scope, 'logs', 'anomaly-detector:*') }]
      : []),
  ],
  run(input, scope) {
    check(
      input,
      {
        logGroupArnList: required(array(1, 1, string(1, 2048, /^[\w#+=/:,.@-]*$/))),
        detectorName: string(1),
        evaluationFrequency: oneOf(frequencies),
        filterPattern,
        kmsKeyId: string(0, 256),
        anomalyVisibilityTime: visibility,
        tags: map(1, 50, logTagKey, logTagValue),
      },
      invalidParameter,
    );
    const [logGroup = ''] = texts(input, 'logGroupArnList');
    if (!logGroup.startsWith('arn:')) throw invalidParameter(`${logGroup} is not the ARN of a log group.`);
    const group = groupOf(logGroup, scope.region);
    requireStandard(group, 'Anomaly detectors');
    usable(text(input, 'filterPattern') ?? '');
    const kmsKeyId = text(input, 'kmsKeyId');
    if (kmsKeyId !== undefined) requireUsableKey(kmsKeyId, scope);
    const { logAnomalyDetectors } = scope.region;
    if (logAnomalyDetectors.size >= DETECTOR_LIMIT)
      throw new AwsError(
        'LimitExceededException',
        'You have reached the maximum number of resources that can be created.',
      );
    // No name is refused: detectors may share one, and a group may have several.
    const made: LogAnomalyDetector = {
      arn: arn(scope, 'logs', `anomaly-detector:${generatedID(scope)}`),
      name: text(input, 'detectorName'),
      logGroupARN: logGroupARN(scope, group.name),
      kmsKeyId,
      creationTime: scope.now,
      lastModified: scope.now,
      evaluationFrequency: text(input, 'evaluationFrequency') ?? 'FIVE_MIN',
      filterPattern: text(input, 'filterPattern'),
      anomalyVisibilityTime: number(input, 'anomalyVisibilityTime') ?? DEFAULT_VISIBILITY,
      enabled: true,
      tags: stringMap(object(input, 'tags')),
    };
    scope.changing(logAnomalyDetectors, made.arn);
    logAnomalyDetectors.set(made.arn, made);
    return { anomalyDetectorArn: made.arn };
  },
};

const updateLogAnomalyDetector = onDetector('UpdateLogAnomalyDetector', true, (found, input, scope) => {
  check(
    input,
    {
      anomalyDetectorArn: required(detectorARN),
      evaluationFrequency: oneOf(frequencies),
      filterPattern,
      anomalyVisibilityTime: visibility,
      enabled: required(boolean()),
    },
    invalidParameter,
  );
  usable(text(input, 'filterPattern') ?? '');
  scope.changing(scope.region.logAnomalyDetectors, found.arn);
  // What is left out goes back to its default.
  found.evaluationFrequency = text(input, 'evaluationFrequency') ?? 'FIVE_MIN';
  found.filterPattern = text(input, 'filterPattern');
  found.anomalyVisibilityTime = number(input, 'anomalyVisibilityTime') ?? DEFAULT_VISIBILITY;
  found.enabled = flag(input, 'enabled') ?? true;
  found.lastModified = scope.now;
  return {};
});

const getLogAnomalyDetector = onDetector('GetLogAnomalyDetector', false, (found, _input, scope) => {
  const { anomalyDetectorArn: _, ...rest } = described(found, scope);
  return rest;
});

const deleteLogAnomalyDetector = onDetector('DeleteLogAnomalyDetector', true, (found, _input, scope) => {
  scope.changing(scope.region.logAnomalyDetectors, found.arn);
  scope.region.logAnomalyDetectors.delete(found.arn);
  return {};
});

const listLogAnomalyDetectors: Operation = {
  service: 'logs',
  name: 'ListLogAnomalyDetectors',
  mutates: false,
  permissions: (_input, scope) => [
    { action: 'logs:ListLogAnomalyDetectors', resource: arn(scope, 'logs', 'anomaly-detector:*') },
  ],
  run(input, scope) {
    check(input, { filterLogGroupArn: detectorARN, limit: integer(1, 50), nextToken: string(1) }, invalidParameter);
    const group = text(input, 'filterLogGroupArn');
    const found = [...scope.seen(scope.region.logAnomalyDetectors).values()]
      .filter(({ logGroupARN: one }) => group === undefined || one === group)
      .toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
    const { items, nextToken } = page(found, number(input, 'limit') ?? 50, text(input, 'nextToken'), () =>
      invalidParameter('The specified nextToken is invalid.'),
    );
    return {
      anomalyDetectors: items.map((one) => described(one, scope)),
      ...(nextToken !== undefined && { nextToken }),
    };
  },
};

export const logAnomalyDetectorOperations: readonly Operation[] = [
  createLogAnomalyDetector,
  updateLogAnomalyDetector,
  getLogAnomalyDetector,
  deleteLogAnomalyDetector,
  listLogAnomalyDetectors,
];

function onDetector(
  name: string,
  mutates: boolean,
  run: (found: LogAnomalyDetector, input: JsonObject, scope: Scope) => JsonObject,
): Operation {
  return {
    service: 'logs',
    name,
    mutates,
    permissions: (input) => [{ action: `logs:${name}`, resource: text(input, 'anomalyDetectorArn') ?? '' }],
    run(input, scope) {
      check(input, { anomalyDetectorArn: required(detectorARN) }, invalidParameter);
      const found = scope.region.logAnomalyDetectors.get(text(input, 'anomalyDetectorArn') ?? '');
      if (found === undefined) throw resourceNotFound('The specified anomaly detector does not exist.');
      return run(found, input, scope);
    },
  };
}

/** No tags, and no `enabled`: what is switched off reads as PAUSED. */
function described(one: LogAnomalyDetector, scope: Scope): JsonObject {
  const ageMs = scope.now - one.creationTime;
  const trained = ageMs < INITIAL_MS ? 'INITIALIZING' : ageMs < TRAINING_MS ? 'TRAINING' : 'ANALYZING';
  return {
    anomalyDetectorArn: one.arn,
    ...(one.name !== undefined && { detectorName: one.name }),
    logGroupArnList: [one.logGroupARN],
    evaluationFrequency: one.evaluationFrequency,
    ...(one.filterPattern !== undefined && { filterPattern: one.filterPattern }),
    anomalyDetectorStatus: one.enabled ? trained : 'PAUSED',
    ...(one.kmsKeyId !== undefined && { kmsKeyId: one.kmsKeyId }),
    creationTimeStamp: one.creationTime,
    lastModifiedTimeStamp: one.lastModified,
    anomalyVisibilityTime: one.anomalyVisibilityTime,
  };
}

function generatedID(scope: Scope): string {
  const hex = Array.from({ length: 32 }, () => scope.random(16).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
