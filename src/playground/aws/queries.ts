import type { JsonObject } from '#src/domain/json.ts';
import { array, check, integer, oneOf, required, string } from './constraints.ts';
import { AwsError, invalidParameter, resourceNotFound } from './errors.ts';
import { unsupported } from './insights/malformed.ts';
import { parseQuery } from './insights/parser.ts';
import { run } from './insights/run.ts';
import { sourceOf } from './insights/source.ts';
import type { Query } from './insights/syntax.ts';
import { groupOf, logGroupARN, logGroupName } from './log-groups.ts';
import { list, number, text, texts } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import { page } from './paging.ts';
import { recordsOf } from './query-records.ts';
import type { InsightsQuery, LogGroup } from './state.ts';

/** How long a query waits, and how long it then runs. AWS gives no figure; a small query takes about a second. */
const WAITS_MS = 100;
const RUNS_MS = 900;
/** "CloudWatch Logs quotas": results are kept 7 days; 100 queries at a time, 5 over class Infrequent Access. */
const KEPT_MS = 7 * 86_400_000;
const AT_A_TIME = { standard: 100, infrequent: 5 };
const PAGE = 10_000;
const MOST_ROWS = 100_000;

const languages = ['CWLI', 'SQL', 'PPL'];
const namings = ['logGroupName', 'logGroupNames', 'logGroupIdentifiers'] as const;
const statuses = ['Scheduled', 'Running', 'Complete', 'Failed', 'Cancelled', 'Timeout', 'Unknown'];

const startQuery: Operation = {
  service: 'logs',
  name: 'StartQuery',
  mutates: false,
  permissions: (input, scope) =>
    named(input).map((group) => ({
      action: 'logs:StartQuery',
      resource: group.startsWith('arn:') ? group : logGroupARN(scope, group),
    })),
  run(input, scope) {
    check(
      input,
      {
        queryLanguage: oneOf(languages),
        logGroupName,
        logGroupNames: array(0, 50, logGroupName),
        logGroupIdentifiers: array(0, 50, string(1, 2048)),
        startTime: required(integer(0)),
        endTime: required(integer(0)),
        queryString: required(string(0, 10_000)),
        limit: integer(1, MOST_ROWS),
      },
      invalidParameter,
    );
    if ((text(input, 'queryLanguage') ?? 'CWLI') !== 'CWLI') {
      throw invalidParameter('The simulator runs queries of the Logs Insights language (CWLI) only.');
    }
    const queryString = text(input, 'queryString') ?? '';
    const selected = sourceOf(queryString);
    const groups = selected ? matching(selected.source, input, scope) : groupsOf(input, scope);
    const query = parseQuery(selected?.query ?? queryString);
    requireSupport(query, groups, scope);
    requireRoom(groups, scope);
    const [from, to] = timeOf(input, groups);
    const records = groups.flatMap((group) => recordsOf(scope.account.id, group, from, to));
    const moment = { startedAt: scope.now, from, to };
    const { rows, matched } = run(query, records, moment, number(input, 'limit') ?? PAGE);
    const id = generatedID(scope);
    scope.region.queries.set(id, {
      id,
      queryString,
      logGroupNames: groups.map(({ name }) => name),
      infrequent: groups.some(({ logGroupClass }) => logGroupClass !== 'STANDARD'),
      startedAt: scope.now,
      stoppedAt: undefined,
      rows,
      statistics: {
        recordsMatched: matched,
        recordsScanned: records.length,
        bytesScanned: records.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
        logGroupsScanned: groups.length,
      },
      startedBy: scope.caller.arn,
    });
    return { queryId: id };
  },
};

const getQueryResults: Operation = {
  service: 'logs',
  name: 'GetQueryResults',
  mutates: false,
  permissions: () => [{ action: 'logs:GetQueryResults', resource: '*' }],
  run(input, scope) {
    check(
      input,
      { queryId: required(string(0, 256)), nextToken: string(1), maxItems: integer(1, PAGE) },
      invalidParameter,
    );
    const query = queryOf(input, scope);
    const status = statusOf(query, scope.now);
    // What a query has found so far can be read before it is done.
    const rows = status === 'Complete' ? query.rows : query.rows.slice(0, soFar(query, scope.now));
    const { items, nextToken } = page(rows, number(input, 'maxItems') ?? PAGE, text(input, 'nextToken'), () =>
      invalidParameter('The specified nextToken is invalid.'),
    );
    return {
      queryLanguage: 'CWLI',
      status,
      results: items.map((row) => [...row].map(([field, value]) => ({ field, value }))),
      statistics: { ...query.statistics, ...(status === 'Complete' && { resultCount: query.rows.length }) },
      ...(nextToken !== undefined && { nextToken }),
    };
  },
};

const stopQuery: Operation = {
  service: 'logs',
  name: 'StopQuery',
  mutates: false,
  permissions: () => [{ action: 'logs:StopQuery', resource: '*' }],
  run(input, scope) {
    check(input, { queryId: required(string(0, 256)) }, invalidParameter);
    const query = queryOf(input, scope);
    if (!active(query, scope.now)) {
      throw invalidParameter(`Query with id ${query.id} is not running: its status is ${statusOf(query, scope.now)}.`);
    }
    query.stoppedAt = scope.now;
    return { success: true };
  },
};

const describeQueries: Operation = {
  service: 'logs',
  name: 'DescribeQueries',
  mutates: false,
  permissions: () => [{ action: 'logs:DescribeQueries', resource: '*' }],
  run(input, scope) {
    check(
      input,
      {
        logGroupName,
        status: oneOf(statuses),
        maxResults: integer(1, 1000),
        nextToken: string(1),
        queryLanguage: oneOf(languages),
      },
      invalidParameter,
    );
    const group = text(input, 'logGroupName');
    const status = text(input, 'status');
    const language = text(input, 'queryLanguage') ?? 'CWLI';
    const found = [...scope.region.queries.values()]
      .filter((query) => language === 'CWLI' && query.startedAt + KEPT_MS > scope.now)
      .filter((query) => group === undefined || query.logGroupNames.includes(group))
      .filter((query) => status === undefined || statusOf(query, scope.now) === status)
      .toSorted((a, b) => b.startedAt - a.startedAt);
    const { items, nextToken } = page(found, number(input, 'maxResults') ?? 1000, text(input, 'nextToken'), () =>
      invalidParameter('The specified nextToken is invalid.'),
    );
    return {
      queries: items.map((query) => ({
        queryLanguage: 'CWLI',
        queryId: query.id,
        queryString: query.queryString,
        status: statusOf(query, scope.now),
        createTime: query.startedAt,
        logGroupName: query.logGroupNames[0] ?? '',
        bytesScanned: query.statistics.bytesScanned,
        userIdentity: query.startedBy,
      })),
      ...(nextToken !== undefined && { nextToken }),
    };
  },
};

export const queryOperations: readonly Operation[] = [startQuery, getQueryResults, stopQuery, describeQueries];

function named(input: JsonObject): readonly string[] {
  const one = text(input, 'logGroupName');
  return [
    ...(one === undefined ? [] : [one]),
    ...texts(input, 'logGroupNames'),
    ...texts(input, 'logGroupIdentifiers'),
  ];
}

function groupsOf(input: JsonObject, scope: Scope): readonly LogGroup[] {
  const given = namings.filter((member) => text(input, member) !== undefined || list(input, member) !== undefined);
  if (given.length !== 1 || named(input).length === 0) {
    throw invalidParameter(`Exactly one of ${namings.join(', ')} must be specified.`);
  }
  return [...new Set(named(input).map((group) => groupOf(group, scope.region)))];
}

/** Groups that `SOURCE logGroups(…)` selects: the caller needs the permission for each. */
function matching(
  { prefixes, classes }: NonNullable<ReturnType<typeof sourceOf>>['source'],
  input: JsonObject,
  scope: Scope,
): readonly LogGroup[] {
  if (named(input).length > 0) throw invalidParameter('Log groups are named by SOURCE in the query: leave them out.');
  const found = [...scope.region.logGroups.values()]
    .filter(({ name }) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)))
    .filter(({ logGroupClass }) => classes === undefined || classes.includes(logGroupClass));
  for (const { name } of found) scope.authorize({ action: 'logs:StartQuery', resource: logGroupARN(scope, name) });
  return found;
}

/** Class Infrequent Access has neither `pattern` nor `unmask` ("Log classes", CloudWatch Logs user guide). */
function requireSupport(query: Query, groups: readonly LogGroup[], scope: Scope): void {
  const other = groups.find(({ logGroupClass }) => logGroupClass !== 'STANDARD');
  if (other?.logGroupClass === 'DELIVERY')
    throw unsupported(`Logs Insights cannot query ${other.name}: its class is DELIVERY`);
  const lacking = query.unmasks
    ? 'unmask'
    : query.commands.some(({ kind }) => kind === 'Pattern')
      ? 'pattern'
      : undefined;
  if (other && lacking)
    throw unsupported(`${lacking} is not supported for log groups of class ${other.logGroupClass}: ${other.name}`);
  if (!query.unmasks) return;
  for (const { name } of groups) scope.authorize({ action: 'logs:Unmask', resource: logGroupARN(scope, name) });
}

function requireRoom(groups: readonly LogGroup[], scope: Scope): void {
  const running = [...scope.region.queries.values()].filter((query) => active(query, scope.now));
  const infrequent = groups.some(({ logGroupClass }) => logGroupClass !== 'STANDARD');
  const full =
    running.length >= AT_A_TIME.standard ||
    (infrequent && running.filter((query) => query.infrequent).length >= AT_A_TIME.infrequent);
  if (full) throw new AwsError('LimitExceededException', 'Account maximum query concurrency limit reached.');
}

/** Both ends count, in seconds. A time before there was any of the groups is an error of the query. */
function timeOf(input: JsonObject, groups: readonly LogGroup[]): readonly [number, number] {
  const from = (number(input, 'startTime') ?? 0) * 1000;
  const to = (number(input, 'endTime') ?? 0) * 1000 + 999;
  if (to < from) throw invalidParameter('The end time of the query must not be before its start time.');
  const tooEarly = groups.length > 0 && groups.every(({ creationTime }) => to < creationTime);
  if (tooEarly) {
    const message =
      "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings";
    throw unsupported(message);
  }
  return [from, to];
}

function queryOf(input: JsonObject, scope: Scope): InsightsQuery {
  const id = text(input, 'queryId') ?? '';
  const query = scope.region.queries.get(id);
  if (!query || query.startedAt + KEPT_MS <= scope.now) {
    throw resourceNotFound(`Query with id ${id} does not exist.`);
  }
  return query;
}

function statusOf(query: InsightsQuery, now: number): string {
  if (query.stoppedAt !== undefined) return 'Cancelled';
  if (now < query.startedAt + WAITS_MS) return 'Scheduled';
  return now < query.startedAt + WAITS_MS + RUNS_MS ? 'Running' : 'Complete';
}

function active(query: InsightsQuery, now: number): boolean {
  return ['Scheduled', 'Running'].includes(statusOf(query, now));
}

/** How many rows a query that is not complete has found. */
function soFar(query: InsightsQuery, now: number): number {
  const ran = (query.stoppedAt ?? now) - query.startedAt - WAITS_MS;
  return Math.floor(query.rows.length * Math.max(0, Math.min(ran / RUNS_MS, 1)));
}

function generatedID(scope: Scope): string {
  const hex = Array.from({ length: 32 }, () => scope.random(16).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
