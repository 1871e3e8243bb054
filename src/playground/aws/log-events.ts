import type { JsonObject } from '#src/domain/json.ts';
import { accountMasking } from './account-policies.ts';
import { array, boolean, check, integer, oneOf, required, string, structure } from './constraints.ts';
import { AwsError, invalidParameter, resourceNotFound } from './errors.ts';
import { groupOf, logGroupARN, logGroupName } from './log-groups.ts';
import { filterEvent } from './log-metrics.ts';
import { masked } from './masking.ts';
import { flag, number, objects, text } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import { page } from './paging.ts';
import type { LogEvent, LogGroup, LogStream, Region } from './state.ts';

const streamName = string(1, 512, /^[^:*]*$/);
const identifier = string(1, 2048);

const createLogStream: Operation = {
  service: 'logs',
  name: 'CreateLogStream',
  mutates: true,
  permissions: (input, scope) => permission('CreateLogStream', input, scope),
  run(input, scope) {
    check(input, { logGroupName: required(logGroupName), logStreamName: required(streamName) }, invalidParameter);
    const group = groupOf(text(input, 'logGroupName') ?? '', scope.region);
    const name = text(input, 'logStreamName') ?? '';
    if (group.streams.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    }
    streamOf(group, name, scope.now);
    return {};
  },
};

const putLogEvents: Operation = {
  service: 'logs',
  name: 'PutLogEvents',
  mutates: true,
  permissions: (input, scope) => permission('PutLogEvents', input, scope),
  run(input, scope) {
    const event = structure({ timestamp: required(integer(0)), message: required(string(1)) });
    check(
      input,
      {
        logGroupName: required(logGroupName),
        logStreamName: required(streamName),
        logEvents: required(array(1, 10_000, event)),
      },
      invalidParameter,
    );
    const group = groupOf(text(input, 'logGroupName') ?? '', scope.region);
    const stream = existing(group, text(input, 'logStreamName') ?? '');
    for (const one of objects(input, 'logEvents')) {
      ingest(scope.region, group, stream, text(one, 'message') ?? '', number(one, 'timestamp') ?? scope.now, scope.now);
    }
    return { nextSequenceToken: String(stream.events.length) };
  },
};

const getLogEvents: Operation = {
  service: 'logs',
  name: 'GetLogEvents',
  mutates: false,
  permissions: (input, scope) => [
    ...permission('GetLogEvents', input, scope),
    ...(flag(input, 'unmask') === true ? permission('Unmask', input, scope) : []),
  ],
  run(input, scope) {
    check(
      input,
      {
        logGroupName,
        logGroupIdentifier: identifier,
        logStreamName: required(streamName),
        startTime: integer(0),
        endTime: integer(0),
        limit: integer(1, 10_000),
        startFromHead: boolean(),
        unmask: boolean(),
      },
      invalidParameter,
    );
    const group = groupOf(text(input, 'logGroupName') ?? text(input, 'logGroupIdentifier') ?? '', scope.region);
    if (group.logGroupClass !== 'STANDARD') {
      throw new AwsError(
        'InvalidOperationException',
        `GetLogEvents is not supported for ${group.logGroupClass} groups.`,
      );
    }
    const stream = existing(group, text(input, 'logStreamName') ?? '');
    const from = number(input, 'startTime') ?? 0;
    const to = number(input, 'endTime') ?? Number.POSITIVE_INFINITY;
    const all = stream.events.filter((event) => event.timestamp >= from && event.timestamp < to);
    const limit = number(input, 'limit') ?? 10_000;
    const events = (flag(input, 'startFromHead') === true ? all.slice(0, limit) : all.slice(-limit)).map((event) => ({
      timestamp: event.timestamp,
      message: flag(input, 'unmask') === true ? event.message : masked(event),
      ingestionTime: event.ingestionTime,
    }));
    return { events, nextForwardToken: 'f/0', nextBackwardToken: 'b/0' };
  },
};

const describeLogStreams: Operation = {
  service: 'logs',
  name: 'DescribeLogStreams',
  mutates: false,
  permissions: (input, scope) => permission('DescribeLogStreams', input, scope),
  run(input, scope) {
    check(
      input,
      {
        logGroupName,
        logGroupIdentifier: identifier,
        logStreamNamePrefix: streamName,
        orderBy: oneOf(['LogStreamName', 'LastEventTime']),
        descending: boolean(),
        limit: integer(1, 50),
      },
      invalidParameter,
    );
    const group = groupOf(text(input, 'logGroupName') ?? text(input, 'logGroupIdentifier') ?? '', scope.region);
    const prefix = text(input, 'logStreamNamePrefix') ?? '';
    const found = [...group.streams.values()]
      .filter((stream) => stream.name.startsWith(prefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = page(found, number(input, 'limit') ?? 50, text(input, 'nextToken'), () =>
      invalidParameter('The specified nextToken is invalid.'),
    );
    return {
      logStreams: items.map((stream) => ({
        logStreamName: stream.name,
        creationTime: stream.creationTime,
        ...(stream.events.length > 0 && {
          firstEventTimestamp: stream.events[0]?.timestamp ?? 0,
          lastEventTimestamp: stream.events.at(-1)?.timestamp ?? 0,
          lastIngestionTime: stream.events.at(-1)?.ingestionTime ?? 0,
        }),
        arn: logGroupARN(scope, `${group.name}:log-stream:${stream.name}`),
      })),
      ...(nextToken !== undefined && { nextToken }),
    };
  },
};

export const logEventOperations: readonly Operation[] = [
  createLogStream,
  putLogEvents,
  getLogEvents,
  describeLogStreams,
];

/** The stream, made when missing. */
export function streamOf(group: LogGroup, name: string, now: number): LogStream {
  const known = group.streams.get(name);
  if (known) return known;
  const stream: LogStream = { name, creationTime: now, events: [] };
  group.streams.set(name, stream);
  return stream;
}

/** Takes an event in. It is masked for ever, or never, by the policies in force at this moment; the filters see it. */
export function ingest(
  region: Region,
  group: LogGroup,
  stream: LogStream,
  message: string,
  timestamp: number,
  now: number,
): void {
  const event: LogEvent = {
    timestamp,
    ingestionTime: now,
    message,
    masking: group.dataProtection?.document,
    accountMasking: accountMasking(region, now)?.document,
  };
  stream.events.push(event);
  filterEvent(region, group, event);
}

function existing(group: LogGroup, name: string): LogStream {
  const stream = group.streams.get(name);
  if (!stream) throw resourceNotFound('The specified log stream does not exist.');
  return stream;
}

function permission(name: string, input: JsonObject, scope: Scope) {
  const group = text(input, 'logGroupName') ?? text(input, 'logGroupIdentifier') ?? '';
  const stream = text(input, 'logStreamName');
  const resource = group.startsWith('arn:') ? group : logGroupARN(scope, group);
  return [{ action: `logs:${name}`, resource: stream === undefined ? resource : `${resource}:log-stream:${stream}` }];
}
