import type { BedrockMonitorSpec, DashboardEntry } from '#src/api/v1alpha1.ts';
import type { Json } from '../json.ts';
import { dashboardName } from '../names.ts';
import { type PresetBody, presetBody, widgetsBody } from './dashboards/body.ts';
import { blocked } from './remark.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';
import { withUniqueNames } from './unique-names.ts';

/**
 * Dashboards from a preset, own widgets or a whole body. One that cannot be planned is left out, and then none is
 * pruned. `before` is what was planned before: the state of its alarms is shown.
 */
export function planDashboards(spec: BedrockMonitorSpec, facts: Facts, before: readonly Planned[] = []): Partial<Plan> {
  if (spec.dashboards === undefined) return {};
  const bodies = spec.dashboards.map((entry) => ({ entry, body: bodyOf(entry, spec, facts, before) }));
  const unique = withUniqueNames(
    'Dashboards',
    bodies.flatMap(({ entry, body }) => (body.json === undefined ? [] : [planned(entry, body.json, spec, facts)])),
  );
  const remarks = [...bodies.flatMap(({ body }) => body.remarks), ...unique.remarks];
  return {
    resources: unique.resources,
    remarks,
    models: bodies.flatMap(({ body }) => body.seen),
    keep: remarks.some(({ note }) => !note) ? ['Dashboards'] : [],
  };
}

function planned(entry: DashboardEntry, body: Json, spec: BedrockMonitorSpec, facts: Facts): Planned {
  return {
    resource: {
      kind: 'Dashboard',
      name: entry.awsName ?? dashboardName(facts.owner, facts.place, entry.name),
      body,
      tags: declaredTags(facts.owner, spec.tags),
    },
    part: 'Dashboards',
    path: `dashboards/${entry.name}`,
    after: [],
  };
}

function bodyOf(entry: DashboardEntry, spec: BedrockMonitorSpec, facts: Facts, before: readonly Planned[]): PresetBody {
  if (entry.body !== undefined) return rawBody(entry.name, entry.body);
  if (entry.preset !== undefined) return presetBody(entry, spec, facts, before);
  if (entry.widgets !== undefined) return widgetsBody(entry, facts);
  const message = `dashboard ${entry.name} uses a form that this release of the operator does not know: upgrade the operator, or use preset, widgets or body`;
  return refused(blocked('Dashboards', `dashboards/${entry.name}`, 'UnsupportedField', message));
}

/** Whether it is JSON cannot be told at apply: CEL does not read it. */
function rawBody(name: string, body: string): PresetBody {
  const refuse = (why: string): PresetBody => {
    const message = `the body of dashboard ${name} is not a dashboard in JSON (${why}): copy it from "View/edit source" in the CloudWatch console`;
    return refused(blocked('Dashboards', `dashboards/${name}`, 'InvalidSpec', message));
  };
  try {
    const json: Json = JSON.parse(body);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? { json, remarks: [], seen: [] }
      : refuse('not an object');
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refused(remark: Remark): PresetBody {
  return { json: undefined, remarks: [remark], seen: [] };
}
