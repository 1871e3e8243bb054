import * as fc from 'fast-check';
import type { BedrockMonitorSpec, CompositeAlarmEntry, MuteRuleEntry, SLOEntry } from '#src/api/v1alpha1.ts';

/** Objectives, and what is drawn for composites and mute rules over whatever alarms a spec turns out to have. */
interface Composition {
  readonly slos: readonly SLOEntry[];
  readonly composites: readonly Draft[];
  readonly muteRules: readonly (MuteRuleEntry & { readonly picks: readonly number[] })[];
}

interface Draft {
  readonly name: string;
  readonly form: 'anyOf' | 'allOf' | 'atLeast' | 'rule';
  readonly picks: readonly number[];
  readonly suppressed: boolean;
  readonly severity: NonNullable<CompositeAlarmEntry['severity']>;
}

const picks = fc.array(fc.nat(20), { minLength: 1, maxLength: 3 });
const severity = fc.constantFrom('Critical' as const, 'Warning' as const, 'Info' as const);
const models = fc.constantFrom([], ['amazon.nova-pro-v1:0']);

const slo: fc.Arbitrary<SLOEntry> = fc
  .tuple(
    fc.constantFrom('goal', 'aim'),
    fc.constantFrom(95, 99, 99.9, 99.99),
    fc.constantFrom(7 as const, 28 as const, 30 as const),
    fc.oneof(
      fc.record({ errors: fc.constantFrom({}, { include: ['ServerErrors' as const, 'ClientErrors' as const] }) }),
      fc.record({
        latency: fc.constantFrom({ under: '2s' }, { under: '1m30s', metric: 'InvocationLatency' as const }),
      }),
    ),
    models,
  )
  .map(([name, objective, windowDays, indicator, of]) => ({ name, objective, windowDays, models: of, ...indicator }));

const draft: fc.Arbitrary<Draft> = fc.record({
  name: fc.constantFrom('any', 'both'),
  form: fc.constantFrom('anyOf' as const, 'allOf' as const, 'atLeast' as const, 'rule' as const),
  picks,
  suppressed: fc.boolean(),
  severity,
});

const muteRule = fc
  .tuple(
    fc.constantFrom('nights', 'once'),
    fc.constantFrom({ cron: '0 2 * * SUN' }, { at: '2026-12-05T22:00' }),
    fc.constantFrom('1m', '3h', '360h'),
    picks,
  )
  .map(([name, when, duration, chosen]) => ({ name, duration, ...when, picks: chosen }));

function unique<T extends { readonly name: string }>(entry: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 1 });
}

/** Nothing, more often than not: each slo is six alarms. */
export const composition: fc.Arbitrary<Composition | undefined> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({ slos: unique(slo), composites: unique(draft), muteRules: unique(muteRule) }),
  },
);

/** The spec with them, over the alarms that it has. */
export function composed(spec: BedrockMonitorSpec, drawn: Composition | undefined): BedrockMonitorSpec {
  if (drawn === undefined) return spec;
  const alarms = spec.alarms?.map(({ name }) => name) ?? [];
  const names = [...alarms, ...drawn.slos.map(({ name }) => name)];
  const all = [...names, ...drawn.composites.map(({ name }) => name)];
  const among = (from: readonly string[], chosen: readonly number[]) => [
    ...new Set(chosen.flatMap((pick) => from[pick % Math.max(1, from.length)] ?? [])),
  ];
  return {
    ...spec,
    slos: drawn.slos,
    compositeAlarms: drawn.composites.map((one) => compositeOf(one, among(names, one.picks), spec)),
    muteRules: drawn.muteRules.flatMap(({ picks: chosen, ...rule }) => {
      const muted = among(all, chosen);
      return muted.length === 0 ? [] : [{ ...rule, alarms: muted }];
    }),
  };
}

function compositeOf(
  { name, form, suppressed, severity: of }: Draft,
  names: readonly string[],
  { alarms = [] }: BedrockMonitorSpec,
): CompositeAlarmEntry {
  // One that is one AWS alarm whatever the models.
  const single = alarms.find((alarm) => alarm.models?.length === 0);
  const head: CompositeAlarmEntry = {
    name,
    severity: of,
    ...(suppressed &&
      single !== undefined && {
        actionsSuppressor: { alarm: single.name, waitPeriod: '1m', extensionPeriod: '0s' },
      }),
  };
  if (names.length === 0) return { ...head, rule: 'FALSE' };
  if (form === 'atLeast') return { ...head, atLeast: { count: 1, alarms: names } };
  if (form === 'rule') return { ...head, rule: `NOT (${names.map((one) => `OK(${one})`).join(' OR ')})` };
  return { ...head, [form]: names };
}
