import { createHash } from 'node:crypto';
import type { JsonObject } from '#src/domain/json.ts';
import type { Link, Sink } from './oam-state.ts';
import { type Account, regionOf } from './state.ts';

/** A sink that somebody made; unless it is given, its ID follows from its name. */
export function seedSink(
  account: Account,
  region: string,
  seed: {
    readonly name: string;
    readonly id?: string;
    readonly policy?: JsonObject;
    readonly tags?: Readonly<Record<string, string>>;
  },
): Sink {
  const id = seed.id ?? idFrom(`${account.id}/${region}/${seed.name}`);
  const sink: Sink = {
    id,
    arn: `arn:${account.partition}:oam:${region}:${account.id}:sink/${id}`,
    name: seed.name,
    policy: seed.policy && JSON.stringify(seed.policy),
    tags: { ...seed.tags },
  };
  regionOf(account, region).sinks.set(sink.arn, sink);
  return sink;
}

/** A link of the account to a sink of another one, which is not asked. */
export function seedLink(
  account: Account,
  region: string,
  seed: { readonly sinkARN: string } & Partial<Pick<Link, 'resourceTypes' | 'configuration' | 'tags'>>,
): Link {
  const id = idFrom(`${account.id}/${region}/${seed.sinkARN}`);
  const link: Link = {
    id,
    arn: `arn:${account.partition}:oam:${region}:${account.id}:link/${id}`,
    label: account.id,
    labelTemplate: '$AccountName',
    sinkARN: seed.sinkARN,
    resourceTypes: seed.resourceTypes ?? ['AWS::CloudWatch::Metric'],
    configuration: seed.configuration,
    tags: { ...seed.tags },
  };
  regionOf(account, region).links.set(link.arn, link);
  return link;
}

function idFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
