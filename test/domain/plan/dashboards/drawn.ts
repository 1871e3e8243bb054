import type { DashboardEntry } from '#src/api/v1alpha1.ts';
import type { Json, JsonObject } from '#src/domain/json.ts';
import { objectOf } from '#src/domain/json.ts';
import { plan } from '#src/domain/plan.ts';
import { facts, planned, spec } from '../given.ts';
import { type Widget, widgetsOf } from '../widgets.ts';

export type Preset = NonNullable<DashboardEntry['preset']>;

/** The body that one entry of this preset comes to, beside what else the spec has. */
export function bodyOf(
  preset: Preset,
  members: Parameters<typeof spec>[0] = {},
  entry: Partial<DashboardEntry> = {},
  given = facts(),
): JsonObject {
  const dashboards = [{ name: 'one', preset, ...entry }];
  return objectOf(planned('Dashboard', plan(spec({ dashboards, ...members }), given))[0]?.body);
}

/** Its widgets. */
export function drawn(...of: Parameters<typeof bodyOf>): Widget[] {
  return widgetsOf(bodyOf(...of));
}

/** `<type>: <title>` of each, in order. */
export function titles(widgets: readonly Widget[]): string[] {
  return widgets.map(({ type, properties }) => `${type}: ${properties.title}`);
}

/** The widget of this title. */
export function titled(title: string, widgets: readonly Widget[]): Widget {
  const found = widgets.find(({ properties }) => properties.title === title);
  if (found === undefined) throw new Error(`no widget ${title} among ${titles(widgets).join(', ')}`);
  return found;
}

export function metricsOf({ properties }: Widget): Json | undefined {
  return properties['metrics'];
}
