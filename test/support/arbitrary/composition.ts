import * as fc from 'fast-check';
import type { BedrockMonitorSpec, CompositeAlarmEntry, MuteRuleEntry, SLOEntry } from '#src/api/v1alpha1.ts';
import { isSingle } from './alarms.ts';
import { actions, description, entries, entryName, models, runbookURL, severity, some, someModels } from './entries.ts';
import { surroundings } from './surroundings.ts';

/** Numbers that stand for names, which are known only once the rest of the spec is. */
const picks = fc.array(fc.nat(20), { minLength: 1, maxLength: 3 });

interface DrawnComposite {
  readonly how: 'anyOf' | 'allOf' | 'atLeast' | 'rule' | 'countRule';
  readonly picks: readonly number[];
  readonly suppressor: number | undefined;
  readonly rest: Omit<CompositeAlarmEntry, 'anyOf' | 'allOf' | 'atLeast' | 'rule' | 'actionsSuppressor'>;
  readonly byHand: boolean;
}

const composite: fc.Arbitrary<DrawnComposite & { readonly name: string }> = fc
  .record({
    how: fc.constantFrom('anyOf', 'allOf', 'atLeast', 'rule', 'countRule'),
    picks,
    suppressor: fc.option(fc.nat(20), { nil: undefined, freq: 2 }),
    byHand: fc.boolean(),
    rest: some(
      {
        name: entryName,
        severity,
        alarmActions: actions,
        okActions: actions,
        insufficientDataActions: actions,
        actionsEnabled: fc.boolean(),
        description,
        runbookURL,
      },
      'name',
    ),
  })
  .map((drawn) => ({ ...drawn, name: drawn.rest.name }));

const burn = some({ severity });
type Indicator = Pick<SLOEntry, 'errors' | 'latency' | 'models'>;
const slo: fc.Arbitrary<SLOEntry> = fc
  .tuple(
    some(
      {
        name: entryName,
        objective: fc.constantFrom(95, 99, 99.9),
        windowDays: fc.constantFrom(7 as const, 28 as const, 30 as const),
        models,
        fastBurn: burn,
        slowBurn: burn,
        description,
        runbookURL,
      },
      'name',
      'objective',
    ),
    fc.oneof<fc.Arbitrary<Indicator>[]>(
      fc.record({
        errors: some({ include: fc.subarray(['ServerErrors', 'ClientErrors', 'Throttles'], { minLength: 1 }) }),
      }),
      fc.record({
        latency: some(
          { under: fc.constantFrom('2s', '1m30s', '800ms'), metric: fc.constant('InvocationLatency') },
          'under',
        ),
      }),
      fc.record({
        latency: fc.constant({ under: '2s', metric: 'TimeToFirstToken' as const }),
        models: someModels,
      }),
    ),
  )
  .map(([rest, what]): SLOEntry => ({ ...rest, ...what }));

interface DrawnMute {
  readonly name: string;
  readonly picks: readonly number[] | undefined;
  readonly bySeverity: boolean;
  readonly byHand: boolean;
  readonly rest: Omit<MuteRuleEntry, 'alarms' | 'severities' | 'name' | 'awsName'>;
}

const window = fc.oneof(
  fc.record({ cron: fc.constantFrom('0 2 * * SUN', '30 1 1,15 * MON-FRI') }),
  fc.record({ at: fc.constantFrom('2026-12-05T22:00', '2027-01-01T00:30') }),
);
const muteRule: fc.Arbitrary<DrawnMute> = fc.record({
  name: entryName,
  picks: fc.option(picks, { nil: undefined }),
  bySeverity: fc.boolean(),
  byHand: fc.boolean(),
  rest: fc
    .tuple(
      some(
        {
          duration: fc.constantFrom('3h', '90m', '360h'),
          timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
          startDate: fc.constantFrom('2026-11-01T08:00:30+01:00', '2026-11-02T00:00:00Z'),
          expireDate: fc.constantFrom('2028-11-01T08:00:00Z', '2030-01-01T00:00:59.5Z'),
          description,
        },
        'duration',
      ),
      window,
    )
    .map(([rest, when]) => ({ ...rest, ...when })),
});

/** Drawn, and not yet fitted to the names that there are. */
export interface Composition {
  readonly composites: readonly DrawnComposite[];
  readonly slos: readonly SLOEntry[];
  readonly mutes: readonly DrawnMute[];
}

/** Mostly one or two of them, at times none. */
export const composition: fc.Arbitrary<Composition> = fc.record({
  composites: entries(composite, 2),
  slos: entries(slo, 1),
  mutes: entries(muteRule, 2),
});

/** The spec with composite alarms, slos and mute rules over the names that it has. */
export function composed(spec: BedrockMonitorSpec, { composites, slos, mutes }: Composition): BedrockMonitorSpec {
  const alarms = (spec.alarms ?? []).map(({ name }) => name);
  const objectives = slos.filter(({ name }) => !alarms.includes(name));
  const members = [...alarms, ...objectives.map(({ name }) => name)];
  const over = composites.filter(({ rest }) => !members.includes(rest.name));
  const all = [...members, ...over.map(({ rest }) => rest.name)];
  const muted = all.length === 0 ? [] : mutes;
  return {
    ...spec,
    ...(objectives.length > 0 && { slos: objectives }),
    ...(over.length > 0 && { compositeAlarms: over.map((one) => namedComposite(one, members, spec)) }),
    ...(muted.length > 0 && { muteRules: muted.map((one) => namedMute(one, all, spec)) }),
  };
}

function chosen(numbers: readonly number[], among: readonly string[]): string[] {
  return [...new Set(numbers.map((number) => among[number % among.length] ?? ''))];
}

function namedComposite(
  drawn: DrawnComposite,
  members: readonly string[],
  spec: BedrockMonitorSpec,
): CompositeAlarmEntry {
  const { how, rest, suppressor, byHand } = drawn;
  const names = chosen(drawn.picks, members.length > 0 ? members : [surroundings.alarm.arn]);
  const [one = '', other = one] = names;
  const withTheirs = chosen(drawn.picks, [...members, surroundings.alarm.arn]);
  const singles = (spec.alarms ?? []).filter((entry) => isSingle(entry, spec.models)).map(({ name }) => name);
  const suppressors = [surroundings.alarm.arn, ...singles];
  const rules = {
    anyOf: { anyOf: withTheirs },
    allOf: { allOf: withTheirs },
    atLeast: { atLeast: { count: 1, alarms: withTheirs } },
    rule: { rule: `ALARM(${one}) AND NOT (OK(${other}) OR ALARM("${surroundings.alarm.name}"))` },
    countRule: { rule: `AT_LEAST(50%, NOT OK, (${names.join(', ')})) OR INSUFFICIENT_DATA(${surroundings.alarm.arn})` },
  };
  return {
    ...rest,
    ...rules[how],
    ...(byHand && { awsName: `by hand/${rest.name}` }),
    ...(suppressor !== undefined && {
      actionsSuppressor: {
        alarm: suppressors[suppressor % suppressors.length] ?? '',
        waitPeriod: suppressor % 2 === 0 ? '2m' : '0s',
        extensionPeriod: '5m',
      },
    }),
  };
}

function namedMute(
  { name, picks: drawn, bySeverity, byHand, rest }: DrawnMute,
  names: readonly string[],
  spec: BedrockMonitorSpec,
): MuteRuleEntry {
  const ofSeverity = spec.alarms?.find((entry) => entry.severity !== undefined)?.severity;
  return {
    ...rest,
    name,
    ...(drawn !== undefined && { alarms: chosen(drawn, names) }),
    ...(drawn === undefined && bySeverity && ofSeverity !== undefined && { severities: [ofSeverity] }),
    ...(byHand && { awsName: `by-hand.${name}` }),
  };
}
