import type { JsonObject } from '#src/domain/json.ts';
import { destinationsOf, modalityFlags } from '#src/domain/logging-configuration.ts';
import { maskedBy } from './aws/data-protection-document.ts';
import { masked } from './aws/masking.ts';
import type { Account, LogGroup, Region, World } from './aws/state.ts';

/** What AWS holds of what monitors declare, by account and Region, for people. */
export function describeHoldings(world: World): readonly string[] {
  return [...world.accounts.values()]
    .filter((account) => account.dashboards.size > 0 || [...account.regions.values()].some(holdsAnything))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((account) => ['', `AWS account ${account.id}`, ...describeAccount(account, world)]);
}

function describeAccount(account: Account, world: World): readonly string[] {
  const regions = [...account.regions.values()]
    .filter(holdsAnything)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((region) => [`  ${region.name}`, ...describeRegion(region).map((line) => `    ${line}`)]);
  const dashboards = listed('dashboards', account.dashboards.keys());
  const buckets = [...world.buckets.values()]
    .filter(({ accountID, objects }) => accountID === account.id && objects.size > 0)
    .map(({ name, objects }) => `${label('bucket')}${name}: ${count(objects.size, 'object')}`);
  const everywhere = [...dashboards, ...buckets].map((line) => `    ${line}`);
  return [...regions, ...(everywhere.length === 0 ? [] : ['  all Regions', ...everywhere])];
}

function holdsAnything(region: Region): boolean {
  const { invocationLogging, logGroups, alarms, queryDefinitions, sinks, links } = region;
  const things = logGroups.size + alarms.size + queryDefinitions.size + sinks.size + links.size;
  return invocationLogging.configuration !== undefined || things > 0;
}

function describeRegion(region: Region): readonly string[] {
  const { configuration } = region.invocationLogging;
  return [
    `${label('logging')}${configuration === undefined ? 'off' : describeLogging(configuration)}`,
    ...[...region.logGroups.values()].flatMap(describeGroup),
    ...listed('alarms', region.alarms.keys()),
    ...listed('queries', [...region.queryDefinitions.values()].map(({ name }) => name).values()),
    ...listed('sink', [...region.sinks.values()].map(({ name }) => name).values()),
    ...listed(
      'linked to',
      [...region.links.values()].map(({ sinkARN }) => `account ${sinkARN.split(':')[4]}`).values(),
    ),
  ];
}

function describeLogging(configuration: JsonObject): string {
  const on = modalityFlags.filter((flag) => configuration[flag] === true).map((flag) => flag.split('Data')[0] ?? flag);
  return `${on.join(', ') || 'no bodies'}, to ${destinationsOf(configuration).join(' and ')}`;
}

function describeGroup(group: LogGroup): readonly string[] {
  const { name, retentionInDays, kmsKeyId, dataProtection } = group;
  const identifiers = dataProtection === undefined ? 0 : maskedBy(dataProtection.document).length;
  const facts = [
    retentionInDays === undefined ? 'kept for ever' : `kept ${count(retentionInDays, 'day')}`,
    kmsKeyId === undefined ? undefined : 'own key',
    identifiers === 0 ? 'nothing masked' : `${count(identifiers, 'identifier')} masked`,
    group.indexPolicy === undefined ? undefined : 'fields indexed',
  ];
  const record = latestPrompt(group);
  return [
    `${label('log group')}${name}: ${facts.filter((fact) => fact !== undefined).join(', ')}`,
    ...(record === undefined ? [] : [`${label('')}latest record: "${record}"`]),
    ...listed('filters', group.metricFilters.keys()),
    ...listed('copied by', group.subscriptionFilters.keys()),
  ];
}

/** The prompt of the newest record, as everybody without `logs:Unmask` reads it. */
function latestPrompt(group: LogGroup): string | undefined {
  const event = [...group.streams.values()].flatMap(({ events }) => events).at(-1);
  return event && /"input":\{.*?"text":"((?:[^"\\]|\\.)*)"/.exec(masked(event))?.[1];
}

const SHOWN = 3;

function listed(what: string, names: Iterable<string>): readonly string[] {
  const all = [...names].sort();
  if (all.length === 0) return [];
  const more = all.length > SHOWN ? [`and ${all.length - SHOWN} more`] : [];
  return [...all.slice(0, SHOWN), ...more].map((line, index) => `${label(index === 0 ? what : '')}${line}`);
}

function label(text: string): string {
  return text.padEnd(12);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
