import type { BedrockMonitorSpec, DashboardEntry } from '#src/api/v1alpha1.ts';
import type { Json } from '../json.ts';
import { dashboardName } from '../names.ts';
import { modelIDs } from './models.ts';
import { overview } from './overview-dashboard.ts';
import { recordsGroup } from './records-group.ts';
import { blocked } from './remark.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';
import { withUniqueNames } from './unique-names.ts';

/** Dashboards from a preset or a whole body. One that cannot be planned is left out, and then none is pruned. */
export function planDashboards(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  if (spec.dashboards === undefined) return {};
  const entries = spec.dashboards.map((entry) => planEntry(entry, spec, facts));
  const unique = withUniqueNames(
    'Dashboards',
    entries.filter((one) => 'resource' in one),
  );
  const remarks = [...entries.filter((one) => 'reason' in one), ...unique.remarks];
  return { resources: unique.resources, remarks, keep: remarks.length > 0 ? ['Dashboards'] : [] };
}

function planEntry(entry: DashboardEntry, spec: BedrockMonitorSpec, facts: Facts): Planned | Remark {
  const path = `dashboards/${entry.name}`;
  const body = entry.body === undefined ? presetBody(entry, path, spec, facts) : rawBody(entry.name, path, entry.body);
  if ('remark' in body) return body.remark;
  return {
    resource: {
      kind: 'Dashboard',
      name: entry.awsName ?? dashboardName(facts.owner, facts.place, entry.name),
      body: body.json,
      tags: declaredTags(facts.owner, spec.tags),
    },
    part: 'Dashboards',
    path,
    after: [],
  };
}

type Body = { readonly json: Json } | { readonly remark: Remark };

/** From an unknown log group nothing is drawn: a dashboard that loses a widget for one failed read would be rewritten twice. */
function presetBody(entry: DashboardEntry, path: string, spec: BedrockMonitorSpec, facts: Facts): Body {
  if (entry.preset !== 'Overview') {
    const message = `dashboard ${entry.name} uses a form or preset that this release of the operator does not know: upgrade the operator, or use preset Overview or body`;
    return { remark: blocked('Dashboards', path, 'UnsupportedField', message) };
  }
  const group = recordsGroup(spec, facts);
  if ('unknown' in group) {
    const message = `dashboard ${entry.name} waits: the log group that Bedrock delivers to could not be read (${group.unknown})`;
    return { remark: blocked('Dashboards', path, group.reason ?? 'DependencyNotReady', message) };
  }
  const models = modelIDs(entry.models ?? spec.models);
  return { json: overview({ region: facts.place.region, models, logGroup: group.known }) };
}

function rawBody(name: string, path: string, body: string): Body {
  const refuse = (why: string): Body => {
    const message = `the body of dashboard ${name} is not a dashboard in JSON (${why}): copy it from "View/edit source" in the CloudWatch console`;
    return { remark: blocked('Dashboards', path, 'InvalidSpec', message) };
  };
  try {
    const json: Json = JSON.parse(body);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { json } : refuse('not an object');
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}
