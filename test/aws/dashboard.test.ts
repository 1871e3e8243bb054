import { describe, expect, test } from 'vitest';
import { ownerMark } from '#src/domain/owner.ts';
import type { Dashboard, Tags } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, givenAway, owner, signal, stage, tags, written } from './stage.ts';

const name = 'bedrockmonitor_prod_genai_production_overview_us-east-1';
const ref = { kind: 'Dashboard', name } as const;
const textWidget = (markdown: string) => ({ type: 'text', x: 0, y: 0, width: 6, height: 3, properties: { markdown } });
const dashboard: Dashboard = { ...ref, body: { widgets: [textWidget('Models')] }, tags };

keepsItsPromises({
  kind: 'Dashboard',
  desired: () => dashboard,
  edited: () => ({ ...dashboard, body: { widgets: [textWidget('Costs')] }, tags: { ...tags, team: 'ads' } }),
  edit: ['body.widgets.0.properties.markdown', 'tags.team'],
  foreign: (on) =>
    void on.account.state.dashboards.set(name, { name, body: '{"widgets":[]}', tags: {}, lastModified: 0 }),
  mark: ownerMark(owner),
  undeclared(on) {
    const found = on.account.state.dashboards.get(name);
    if (found) found.tags['owner'] = 'somebody';
    return () => on.account.state.dashboards.get(name)?.tags['owner'];
  },
});

describe('Dashboard', () => {
  test('bodies are compared by meaning, whatever the spaces and the order of members', async () => {
    const on = stage();
    const body =
      '{ "widgets": [ { "properties": { "markdown": "Models" }, "height": 3, "width": 6, "y": 0, "x": 0, "type": "text" } ] }';
    seed(on, body);
    expect(on.handlers().Dashboard.diff(dashboard, await look(on))).toEqual([]);
  });

  test('a body that is not JSON differs', async () => {
    const on = stage();
    seed(on, 'not json');
    expect(on.handlers().Dashboard.diff(dashboard, await look(on))).toMatchObject([{ path: 'body', from: 'not json' }]);
  });

  test('a missing dashboard is absent under both of its error names', async () => {
    const on = stage();
    expect(await on.run(on.handlers().Dashboard.observe(ref, 'Always', signal))).toBeUndefined();
    for (const fault of [
      { code: 'DashboardNotFoundError', status: 404 },
      { code: 'DashboardNotFoundError', queryCode: 'ResourceNotFound', status: 404 },
      { code: 'SomethingNew', status: 404 },
    ]) {
      on.aws.fault({ operation: 'GetDashboard' }, { kind: 'Error', message: 'gone', ...fault });
      expect(await on.run(on.handlers().Dashboard.observe(ref, 'Always', signal))).toBeUndefined();
    }
  });

  test("AWS's warnings are a note for as long as the body stands", async () => {
    const on = stage();
    const cloud = on.cloud();
    const { Dashboard } = on.handlers(cloud);
    const warned: Dashboard = { ...dashboard, body: { widgets: [textWidget('x')], unheard: 1 } };
    await on.run(Dashboard.apply(warned, undefined, signal));
    const found = await on.run(Dashboard.observe(ref, 'IfFree', signal));
    if (found === undefined) throw new Error('absent');
    expect(found.notes).toMatchObject([{ reason: 'AcceptedWithWarnings' }]);
    expect(Dashboard.diff(warned, found)).toEqual([]);
    await on.run(Dashboard.apply(dashboard, found, signal));
    expect((await on.run(Dashboard.observe(ref, 'IfFree', signal)))?.notes).toBeUndefined();
  });

  test('a body that AWS refuses is quoted', async () => {
    const on = stage();
    const wrong: Dashboard = { ...dashboard, body: { widgets: 'none' } };
    expect(await on.failure(on.handlers().Dashboard.apply(wrong, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'RejectedByAWS',
    });
  });

  test('tags are not read at a resync, and set apart where they differ', async () => {
    const on = stage();
    seed(on, JSON.stringify(dashboard.body));
    const { Dashboard } = on.handlers();
    const unread = await on.run(Dashboard.observe(ref, 'IfFree', signal));
    if (unread === undefined) throw new Error('absent');
    expect(unread.mark).toEqual({ state: 'Unread' });
    const edited: Dashboard = { ...dashboard, tags: { ...tags, team: 'ads' } };
    expect(Dashboard.diff(edited, unread)).toEqual([]);
    expect(on.aws.calls.map(({ operation }) => operation)).toEqual(['GetDashboard']);
    await on.run(Dashboard.apply(edited, await look(on), signal));
    expect(written(on.aws)).toEqual(['TagResource']);
  });

  test('a dashboard that its owner gives away by a tag says so, is taken over in place, and keeps the tag', async () => {
    const on = stage();
    seed(on, '{"widgets":[]}', givenAway);
    const { Dashboard } = on.handlers();
    const found = await look(on);
    expect(found).toMatchObject({ mark: { state: 'None' }, resource: { tags: givenAway } });
    await on.run(Dashboard.apply(dashboard, found, signal));
    expect(written(on.aws)).toEqual(['TagResource', 'PutDashboard']);
    expect(on.account.state.dashboards.get(name)?.tags).toEqual({ ...givenAway, ...tags });
    expect(Dashboard.diff(dashboard, await look(on))).toEqual([]);
  });

  test('a dashboard that is as declared is adopted by its tags alone', async () => {
    const on = stage();
    seed(on, JSON.stringify(dashboard.body), {});
    const { Dashboard } = on.handlers();
    await on.run(Dashboard.apply(dashboard, await look(on), signal));
    expect(written(on.aws)).toEqual(['TagResource']);
    expect(await look(on)).toMatchObject({ mark: { state: 'Owned', by: ownerMark(owner) } });
  });

  test('without inventory the dashboards are found by the prefix of their names', async () => {
    const on = stage();
    seed(on, '{}');
    on.account.state.dashboards.set('bedrockmonitor_prod_genai_production2_x', {
      name: 'x',
      body: '{}',
      tags: {},
      lastModified: 0,
    });
    expect(await on.run(on.handlers().Dashboard.find?.(owner, signal) ?? Promise.resolve([]))).toEqual([ref]);
  });

  test('the budget of dashboards is that of the account, in all Regions together', async () => {
    const on = stage();
    const cloud = on.cloud();
    const identity = { accountID, arn: 'arn:aws:iam::1:user/x', partition: 'aws' };
    const read = (region: string) =>
      cloud.handlers({ region }, identity, owner, 'Edit').Dashboard.observe(ref, 'IfFree', signal);
    await on.run(Promise.all(['us-east-1', 'eu-west-1', 'us-west-2'].map(read)));
    const at = on.aws.calls.map((call) => call.at);
    expect(new Set(at).size).toBe(3);
  });
});

function seed(on: Stage, body: string, withTags: Tags = tags): void {
  on.account.state.dashboards.set(name, { name, body, tags: { ...withTags }, lastModified: 0 });
}

async function look(on: Stage) {
  await on.settle();
  const found = await on.run(on.handlers().Dashboard.observe(ref, 'Always', signal));
  if (found === undefined) throw new Error('absent');
  return found;
}
