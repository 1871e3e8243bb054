import { LABEL_TEMPLATE } from '#src/api/schema/cross-account.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { sinkName } from '../names.ts';
import type { Link, Sink } from '../resource.ts';
import { blocked } from './remark.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Plan, Planned } from './types.ts';

/** What is admitted, and what is shared, where the spec does not say. */
const USUAL = ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup'];

/** The sink of a monitoring account, and the link of a source account; a monitor may have both. */
export function planCrossAccount({ crossAccount, tags }: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const { sink, link } = crossAccount ?? {};
  const inOwnAccount = link !== undefined && link.sinkARN.split(':')[4] === facts.place.accountID;
  const resources: Planned[] = [
    ...(sink === undefined ? [] : [planned(sinkOf(sink, tags, facts), 'crossAccount/sink')]),
    ...(link === undefined || inOwnAccount ? [] : [planned(linkOf(link, tags, facts), 'crossAccount/link')]),
  ];
  if (!inOwnAccount) return { resources };
  const message = `crossAccount.link.sinkARN is a sink of account ${facts.place.accountID}, in which this monitor acts: an account sees its own telemetry without a link; remove crossAccount.link, or name the sink of another account`;
  return {
    resources,
    remarks: [blocked('CrossAccount', 'crossAccount/link', 'InvalidSpec', message)],
    keep: ['CrossAccount'],
  };
}

type CrossAccount = NonNullable<BedrockMonitorSpec['crossAccount']>;
type DeclaredTags = BedrockMonitorSpec['tags'];

function sinkOf(sink: NonNullable<CrossAccount['sink']>, tags: DeclaredTags, { owner, place }: Facts): Sink {
  return {
    kind: 'Sink',
    name: 'sink',
    awsName: sink.awsName ?? sinkName(owner, place),
    sourceAccountIDs: sorted(sink.sourceAccountIDs ?? []),
    organizationIDs: sorted(sink.organizationIDs ?? []),
    resourceTypes: sorted(sink.resourceTypes ?? USUAL),
    otherStatements: [],
    tags: declaredTags(owner, tags),
  };
}

function linkOf(link: NonNullable<CrossAccount['link']>, tags: DeclaredTags, { owner }: Facts): Link {
  return {
    kind: 'Link',
    name: link.sinkARN,
    labelTemplate: link.labelTemplate ?? LABEL_TEMPLATE,
    resourceTypes: sorted(link.resourceTypes ?? USUAL),
    ...(link.metricFilter !== undefined && { metricFilter: link.metricFilter }),
    ...(link.logGroupFilter !== undefined && { logGroupFilter: link.logGroupFilter }),
    tags: declaredTags(owner, tags),
  };
}

function planned(resource: Sink | Link, path: string): Planned {
  return { resource, part: 'CrossAccount', path, after: [] };
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
