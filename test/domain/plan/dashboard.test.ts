import { describe, expect, test } from 'vitest';
import type { DashboardEntry } from '#src/api/v1alpha1.ts';
import type { Json } from '#src/domain/json.ts';
import { planDashboards } from '#src/domain/plan/dashboard.ts';
import { facts, planned, remarks, spec } from './given.ts';

const entry = { name: 'overview', preset: 'Overview' } as const;

function body(members: Parameters<typeof spec>[0], given = facts()): Json | undefined {
  return planned('Dashboard', planDashboards(spec(members), given))[0]?.body;
}

describe('a whole body', () => {
  test('is taken as it is, and needs no fact', () => {
    const own = { widgets: [{ type: 'text', properties: { markdown: 'hello' } }], start: '-PT6H' };
    const given = facts({ deliveredLogGroup: { unknown: 'time-out' } });
    expect(body({ dashboards: [{ name: 'own', body: JSON.stringify(own) }] }, given)).toEqual(own);
  });

  test.each(['{"widgets": [', '[]', '"text"', 'null', ''])(
    '%j is refused in a sentence, and nothing is pruned',
    (text) => {
      const plan = planDashboards(spec({ dashboards: [{ name: 'own', body: text }, entry] }), facts());
      expect(remarks(plan)).toEqual(['InvalidSpec dashboards/own']);
      expect(plan.remarks?.[0]?.message).toMatch(
        /^the body of dashboard own is not a dashboard in JSON \(.+\): copy it from/,
      );
      expect(plan.resources).toHaveLength(1);
      expect(plan.keep).toEqual(['Dashboards']);
    },
  );
});

describe('names', () => {
  test('carry the Region, or are as written', () => {
    const dashboards: DashboardEntry[] = [entry, { name: 'other', preset: 'Overview', awsName: 'Team' }];
    expect(planned('Dashboard', planDashboards(spec({ dashboards }), facts())).map(({ name }) => name)).toEqual([
      'bedrockmonitor_test_genai_production_overview_us-east-1',
      'Team',
    ]);
  });

  test('two entries of one awsName: the first keeps it', () => {
    const dashboards = [
      { ...entry, awsName: 'Team' },
      { ...entry, name: 'other', awsName: 'Team' },
    ];
    const plan = planDashboards(spec({ dashboards }), facts());
    expect(remarks(plan)).toEqual(['InvalidSpec dashboards/other']);
    expect(plan.remarks?.[0]?.message).toBe(
      'dashboards/other and dashboards/overview both come to the dashboard name Team: give one of them another awsName',
    );
  });

  test('a preset or form of a newer release is left alone', () => {
    const newer: DashboardEntry[] = JSON.parse(
      '[{"name": "all", "preset": "Everything"}, {"name": "new", "form": {}}]',
    );
    expect(remarks(planDashboards(spec({ dashboards: newer }), facts()))).toEqual([
      'UnsupportedField dashboards/all',
      'UnsupportedField dashboards/new',
    ]);
  });
});
