import type { DashboardEntry } from '#src/api/v1alpha1.ts';
import { delivery } from './delivery.ts';
import { errors } from './errors.ts';
import { guardrails } from './guardrails.ts';
import { latency } from './latency.ts';
import { overview } from './overview.ts';
import { privacy } from './privacy.ts';
import type { Draw } from './subject.ts';
import { tokensAndCost } from './tokens-and-cost.ts';

/** What each preset draws. docs/presets.md says what for. */
const dashboardPresets = {
  Overview: overview,
  Latency: latency,
  TokensAndCost: tokensAndCost,
  Errors: errors,
  Guardrails: guardrails,
  Privacy: privacy,
  Delivery: delivery,
} as const satisfies Record<NonNullable<DashboardEntry['preset']>, Draw>;

const byName: ReadonlyMap<string, Draw> = new Map(Object.entries(dashboardPresets));

/** Undefined for a preset of a newer release. */
export function dashboardPreset(name: string): Draw | undefined {
  return byName.get(name);
}
