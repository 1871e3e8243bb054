import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { specFaults } from '#src/api/validate.ts';
import { features } from '#src/domain/plan/types.ts';
import { type Facts, type Plan, plan } from '#src/domain/plan.ts';
import type { CompositeAlarm, MetricAlarm } from '#src/domain/resource.ts';
import { refKey } from '#src/domain/result.ts';
import { readAlarmRule } from '#src/playground/aws/alarm-rule.ts';
import { dashboardMessages } from '#src/playground/aws/dashboard-body.ts';
import { arbitraryValidSpec } from '#test/support/arbitrary-spec.ts';
import { arbitrarySpec } from './arbitrary-spec.ts';
import { facts, planned } from './given.ts';
import { outsideGrid, overlap, widgetsOf } from './widgets.ts';

/** The longest owner there is: names and descriptions are then at their longest too. */
const longest = { cluster: 'c'.repeat(32), namespace: 'n'.repeat(63), name: 'm'.repeat(63), uid: 'u' };
const arbitraryFacts: fc.Arbitrary<Facts> = fc
  .record({
    owner: fc.constantFrom(facts().owner, longest),
    deliveredLogGroup: fc.constantFrom<Facts['deliveredLogGroup']>(
      { known: undefined },
      { known: '/shared' },
      { unknown: 'time-out' },
    ),
    modelsInUse: fc.constantFrom<Facts['modelsInUse']>(
      { known: [] },
      { known: ['amazon.nova-pro-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0'] },
      { unknown: 'time-out' },
    ),
    features: fc.constantFrom<Facts['features']>(new Set(), new Set(features)),
    actionARNs: fc.constantFrom([], ['arn:aws:sns:*:999988887777:*']),
  })
  .map(facts);

/** `bedrockmonitor <cluster>/<namespace>/<monitor> <8 hex>` on a line of its own. */
const MARK_LINE = '\n'.length + 'bedrockmonitor '.length + 32 + 1 + 63 + 1 + 63 + 1 + 8;

function holds(check: (outcome: Plan, spec: BedrockMonitorSpec, given: Facts) => void, seed: number): void {
  fc.assert(
    fc.property(fc.oneof(arbitrarySpec, arbitraryValidSpec), arbitraryFacts, (spec, given) => {
      check(plan(spec, given), spec, given);
    }),
    { seed, numRuns: 150 },
  );
}

test('the specs that are tried satisfy the schema', () => {
  holds((_, spec) => expect(specFaults(spec)).toEqual([]), 20_269);
});

describe('the plan', () => {
  test('is the same for the same spec and facts, and leaves both alone', () => {
    holds((outcome, spec, given) => {
      const before = JSON.stringify([spec, given]);
      expect(plan(spec, given)).toEqual(outcome);
      expect(JSON.stringify([spec, given])).toBe(before);
    }, 20_270);
  });

  test('survives JSON: no member is there as undefined', () => {
    holds((outcome) => expect(JSON.parse(JSON.stringify(outcome))).toStrictEqual(outcome), 20_271);
  });

  test('names every resource once, and every path once', () => {
    holds(({ resources }) => {
      expect(new Set(resources.map(({ resource }) => refKey(resource))).size).toBe(resources.length);
      expect(new Set(resources.map(({ path }) => path)).size).toBe(resources.length);
    }, 20_272);
  });

  test('is in dependency order', () => {
    holds(({ resources }) => {
      const seen = new Set<string>();
      for (const { resource, after } of resources) {
        for (const before of after) expect(seen).toContain(refKey(before));
        seen.add(refKey(resource));
      }
    }, 20_273);
  });

  test('keeps whatever it leaves out for a reason other than a note, and then only', () => {
    holds(({ remarks, keep }) => {
      expect([...keep].sort()).toEqual(
        [...new Set(remarks.filter(({ note }) => !note).map(({ part }) => part))].sort(),
      );
    }, 20_274);
  });

  test('says everything within a condition’s 1,024 characters', () => {
    holds(({ remarks }) => {
      for (const { message } of remarks) expect(message.length).toBeLessThanOrEqual(1024);
    }, 20_275);
  });
});

describe('every planned alarm is within AWS’s limits', () => {
  const broken = (alarm: MetricAlarm): string[] => {
    const metrics = alarm.metrics ?? [];
    const periods = metrics.map((query) => query.metric?.period ?? query.period ?? 0);
    const period = alarm.metric?.period ?? Math.max(...periods);
    const returned = metrics.filter(({ returnData }) => returnData).map(({ id }) => id);
    const window = period * alarm.evaluationPeriods;
    const ids = metrics.map(({ id }) => id);
    const rules: [string, boolean][] = [
      ['name is 1 to 255 characters', alarm.name.length >= 1 && alarm.name.length <= 255],
      ['description and mark are at most 1,024', alarm.description.length + MARK_LINE <= 1024],
      ['one of metric and metrics', (alarm.metric === undefined) !== (alarm.metrics === undefined)],
      ['at most 10 metrics', metrics.filter(({ metric }) => metric !== undefined).length <= 10],
      ['one of threshold and band', (alarm.threshold === undefined) !== (alarm.thresholdMetricID === undefined)],
      [
        'exactly one returns data, and its band',
        alarm.metrics === undefined
          ? alarm.thresholdMetricID === undefined
          : returned.filter((id) => id !== alarm.thresholdMetricID).length === 1,
      ],
      ['the band returns data', alarm.thresholdMetricID === undefined || returned.includes(alarm.thresholdMetricID)],
      ['an account is named in a list only', alarm.metric?.accountID === undefined],
      [
        'ids are unique and well-formed',
        new Set(ids).size === ids.length && ids.every((id) => /^[a-z][A-Za-z0-9_]*$/.test(id)),
      ],
      ['expressions are at most 2,048', metrics.every(({ expression = '' }) => expression.length <= 2048)],
      [
        'at most 5 actions a state',
        [alarm.alarmActions, alarm.okActions, alarm.insufficientDataActions].every(({ length }) => length <= 5),
      ],
      ['whole minutes', period >= 60 && period % 60 === 0],
      ['period x evaluationPeriods', window <= (period < 3600 ? 86_400 : 604_800)],
      ['datapoints within evaluation periods', alarm.datapointsToAlarm <= alarm.evaluationPeriods],
      ['at most 50 tags', Object.keys(alarm.tags).length <= 50],
    ];
    return rules.filter(([, kept]) => !kept).map(([rule]) => rule);
  };

  test('whatever the spec', () => {
    let alarms = 0;
    holds((outcome) => {
      for (const alarm of planned('MetricAlarm', outcome)) {
        expect(broken(alarm)).toEqual([]);
        alarms += 1;
      }
    }, 20_276);
    expect(alarms).toBeGreaterThan(500);
  });
});

describe('every composite alarm', () => {
  const broken = (alarm: CompositeAlarm, after: readonly string[], before: ReadonlySet<string>): string[] => {
    const { children, elements } = readAlarmRule(alarm.rule);
    const own = children.filter((child) => child.startsWith('bedrockmonitor/'));
    const rules: [string, boolean][] = [
      ['its own alarms come before it', own.every((child) => before.has(child) && after.includes(child))],
      ['at most 100 alarms', children.length <= 100],
      ['at most 500 elements', elements <= 500],
      ['at most 10,240 characters', alarm.rule.length <= 10_240],
      ['description and mark are at most 1,024', alarm.description.length + MARK_LINE <= 1024],
    ];
    return rules.filter(([, kept]) => !kept).map(([rule]) => rule);
  };

  test('has a rule that CloudWatch takes, over alarms that come before it', () => {
    let composites = 0;
    holds((outcome) => {
      const names = new Set<string>();
      const wrong = outcome.resources.flatMap(({ resource, after }) => {
        const found =
          resource.kind === 'CompositeAlarm'
            ? broken(
                resource,
                after.map(({ name }) => name),
                names,
              )
            : [];
        if (resource.kind === 'CompositeAlarm') composites += 1;
        names.add(resource.name);
        return found;
      });
      expect(wrong).toEqual([]);
    }, 20_281);
    expect(composites).toBeGreaterThan(30);
  });
});

interface PolicyDocument {
  readonly Name: string;
  readonly Statement: readonly { readonly DataIdentifier: readonly string[] }[];
}

describe('every masking policy', () => {
  const policies = (outcome: Plan): { name: string; document: PolicyDocument }[] =>
    JSON.parse(JSON.stringify(planned('DataProtectionPolicy', outcome)));

  test('has two statements over equal, sorted, unique identifiers', () => {
    holds((outcome) => {
      for (const { document } of policies(outcome)) {
        const [audit, ...more] = document.Statement.map(({ DataIdentifier }) => DataIdentifier);
        expect(more).toEqual([audit]);
        expect(audit).toEqual([...new Set(audit)].sort());
        expect(document.Name).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
      }
    }, 20_277);
  });

  test('is waited for by logging, and never beside unmasked bodies in S3 that nobody accepted', () => {
    holds((outcome, spec) => {
      const { dataProtection, invocationLogging } = spec;
      const configured = outcome.resources.filter(({ resource }) => resource.kind === 'InvocationLogging');
      const unsafe = configured.filter(({ after }) => {
        if (dataProtection === undefined) return false;
        const unaccepted = invocationLogging?.s3 !== undefined && dataProtection.s3Bodies !== 'AcceptUnmasked';
        const group = invocationLogging?.cloudWatchLogs?.logGroup.name;
        const waits = after.some(({ kind, name }) => kind === 'DataProtectionPolicy' && name === group);
        return unaccepted || (group !== undefined && !waits);
      });
      expect(unsafe).toEqual([]);
    }, 20_278);
  });
});

describe('every dashboard that is drawn', () => {
  test('is one that AWS takes without a word, within the grid, and no widget covers another', () => {
    let drawn = 0;
    holds((outcome, spec) => {
      const written = new Set((spec.dashboards ?? []).filter(({ body }) => body !== undefined).map(({ name }) => name));
      for (const { resource, path } of outcome.resources) {
        if (resource.kind !== 'Dashboard' || written.has(path.slice('dashboards/'.length))) continue;
        expect(dashboardMessages(JSON.stringify(resource.body))).toEqual({ errors: [], warnings: [] });
        const widgets = widgetsOf(resource.body);
        expect(widgets.length).toBeGreaterThanOrEqual(1);
        expect(widgets.filter(outsideGrid)).toEqual([]);
        expect(widgets.filter((one) => widgets.some((other) => other !== one && overlap(one, other)))).toEqual([]);
        drawn += 1;
      }
    }, 20_279);
    expect(drawn).toBeGreaterThan(50);
  });
});
