import { expect } from 'vitest';
import type { JsonObject } from '#src/domain/json.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import type { Region } from '#src/playground/aws/state.ts';

/** What was there when it was made, and what may never change or go. */
export interface Keepsake {
  /** Everything in AWS that is not the mover's is as it was, and of all log data nothing is gone. */
  holds(): void;
}

/**
 * Remembers all that others have in AWS, and every log event of everybody. `movers` are the monitors whose doings are
 * watched, by their marks (`<cluster>/<namespace>/<monitor>`): what carries one of these may change, their log data not.
 */
export function keep(aws: Aws, ...movers: readonly string[]): Keepsake {
  const before = { others: ofOthers(aws, movers), events: events(aws) };
  return {
    holds() {
      expect(ofOthers(aws, movers)).toEqual(before.others);
      expect([...events(aws)]).toEqual(expect.arrayContaining([...before.events]));
    },
  };
}

/** One line for each log group, stream and event. Streams and events are never changed, only ingested or deleted. */
function events(aws: Aws): ReadonlySet<string> {
  const lines = new Set<string>();
  for (const account of aws.world.accounts.values())
    for (const region of account.regions.values())
      for (const group of region.logGroups.values()) {
        const at = `${account.id} ${region.name} ${group.name}`;
        lines.add(at);
        for (const stream of group.streams.values()) {
          lines.add(`${at} ${stream.name}`);
          for (const [index, { message }] of stream.events.entries())
            lines.add(`${at} ${stream.name} ${index} ${message}`);
        }
      }
  for (const bucket of aws.world.buckets.values())
    for (const key of bucket.objects.keys()) lines.add(`${bucket.name} ${key}`);
  return lines;
}

/** All that AWS holds and that carries none of the marks; streams and objects are counted as log data. */
function ofOthers(aws: Aws, marks: readonly string[]): JsonObject {
  const tagged = (tags: Readonly<Record<string, string>>) =>
    marks.includes(`${tags['bedrockmonitor.io/cluster']}/${tags['bedrockmonitor.io/monitor']}`);
  const named = (text: unknown) => marks.some((mark) => String(text).includes(`bedrockmonitor ${mark}`));
  const policies = new Set(marks.map((mark) => `bedrockmonitor_${mark.replaceAll('/', '_')}`));
  const accounts = [...aws.world.accounts.values()].map((account) => {
    const regions = [...account.regions.values()].map((region) => [
      region.name,
      {
        logging: isOfMover(region, tagged) ? undefined : region.invocationLogging.configuration,
        alarms: [...region.alarms.values()]
          .filter(({ tags, configuration }) => !tagged(tags) && !named(configuration['AlarmDescription']))
          .map(({ name, configuration, tags }) => ({ name, configuration, tags })),
        queries: [...region.queryDefinitions.values()].filter(({ queryString }) => !named(queryString)),
        logGroups: [...region.logGroups.values()]
          .filter(({ tags }) => !tagged(tags))
          .map(({ dataProtection, dataProtectionStatus, ...group }) => ({
            ...group,
            streams: 'counted as log data',
            ...(!policies.has(documentName(dataProtection?.document)) && { dataProtection, dataProtectionStatus }),
          })),
      },
    ]);
    const dashboards = [...account.dashboards.values()].filter(({ tags }) => !tagged(tags));
    const roles = [...account.roles.values()];
    return [account.id, { regions: Object.fromEntries(regions), dashboards, roles }];
  });
  // A copy: the simulator's state is changed in place.
  return structuredClone(Object.fromEntries(accounts));
}

/** Bedrock's configuration carries no mark; the log group that it names does. */
function isOfMover(region: Region, tagged: (tags: Readonly<Record<string, string>>) => boolean): boolean {
  const { cloudWatchConfig } = region.invocationLogging.configuration ?? {};
  const name = Object(cloudWatchConfig)['logGroupName'];
  const group = region.logGroups.get(String(name));
  return group !== undefined && tagged(group.tags);
}

function documentName(document: string | undefined): string {
  const parsed: { Name?: string } = JSON.parse(document ?? '{}');
  return parsed.Name ?? '';
}
