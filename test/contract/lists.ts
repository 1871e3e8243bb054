import { describe, expect, it } from 'vitest';
import type { Body } from './contract-api.ts';
import type { Bench } from './widgets.ts';

const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** Lists: selectors, pages, Tables. */
export function listsContract(bench: Bench): void {
  const { request, widgets, create, patch, path } = bench;
  const names = (body: Body): (string | undefined)[] => (body.items ?? []).map((item) => item.metadata?.name);
  const select = async (query: string): Promise<(string | undefined)[]> =>
    names((await request('GET', `${widgets}?${query}`)).body);
  const label = (selector: string): string => `labelSelector=${encodeURIComponent(selector)}`;
  const field = (selector: string): string => `fieldSelector=${encodeURIComponent(selector)}`;

  describe('lists', () => {
    it('has the kind of list, a version, and whole items of custom resources', async () => {
      const made = await create({ size: 1 }, { labels: { list: 'kind' } });
      const { body } = await request('GET', `${widgets}?${label('list=kind')}`);
      expect(body).toMatchObject({ kind: 'WidgetList', apiVersion: 'contract.test/v1', items: [made] });
      expect(Number(body.metadata?.resourceVersion)).toBeGreaterThanOrEqual(Number(made.metadata?.resourceVersion));
      const everywhere = await request('GET', `/apis/contract.test/v1/widgets?${label('list=kind')}`);
      expect(names(everywhere.body)).toContain(made.metadata?.name);
    });

    it('leaves kind and apiVersion out of the items of built-in lists', async () => {
      const { body } = await request('GET', '/api/v1/namespaces?fieldSelector=metadata.name%3Ddefault');
      expect(body.items).toHaveLength(1);
      expect(body.items?.[0]).not.toHaveProperty('kind');
      expect(body.items?.[0]).not.toHaveProperty('apiVersion');
    });

    it('selects by labels', async () => {
      const a = (await create({ size: 1 }, { labels: { app: 'a', tier: 'front', set: 'labels' } })).metadata?.name;
      const b = (await create({ size: 1 }, { labels: { app: 'b', set: 'labels' } })).metadata?.name;
      const among = (selector: string): Promise<unknown> => select(label(`set=labels,${selector}`));
      expect(await among('app=a')).toEqual([a]);
      expect(await among('app!=a')).toEqual([b]);
      expect(await among('tier')).toEqual([a]);
      expect(await among('!tier')).toEqual([b]);
      expect(await among('app in (a,b)')).toEqual([a, b]);
      expect(await among('tier notin (front)')).toEqual([b]);
      expect((await request('GET', `${widgets}?${label('a b')}`)).body).toMatchObject({
        code: 400,
        reason: 'BadRequest',
      });
    });

    it('selects by name, and by the fields that the CRD declares', async () => {
      const fast = (await create({ size: 1, mode: 'Fast' }, { labels: { set: 'fields' } })).metadata?.name;
      const safe = (await create({ size: 1, mode: 'Safe' }, { labels: { set: 'fields' } })).metadata?.name;
      expect(await select(field(`metadata.name=${fast}`))).toEqual([fast]);
      expect(await select(`${label('set=fields')}&${field(`metadata.name!=${fast}`)}`)).toEqual([safe]);
      expect(await select(`${label('set=fields')}&${field('spec.mode=Safe')}`)).toEqual([safe]);
      expect((await request('GET', `${widgets}?${field('spec.size=1')}`)).body).toMatchObject({
        code: 400,
        message: 'field label not supported: spec.size',
      });
    });

    it('gives pages of one consistent snapshot', async () => {
      const made = await Promise.all(
        Array.from({ length: 5 }, () => create({ size: 1 }, { labels: { set: 'pages' } })),
      );
      const sorted = made.map((one) => one.metadata?.name ?? '').sort();
      const query = `${label('set=pages')}&limit=2`;
      const first = (await request('GET', `${widgets}?${query}`)).body;
      expect(names(first)).toEqual(sorted.slice(0, 2));
      await create({ size: 1 }, { labels: { set: 'pages' } });
      await request('DELETE', `${widgets}/${sorted[3]}`);
      const second = (await request('GET', `${widgets}?${query}&continue=${first.metadata?.continue}`)).body;
      const third = (await request('GET', `${widgets}?${query}&continue=${second.metadata?.continue}`)).body;
      expect([...names(second), ...names(third)]).toEqual(sorted.slice(2));
      expect(third.metadata?.continue ?? '').toBe('');
      expect(second.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
    });

    it('refuses parameters that mean nothing', async () => {
      const refused = async (query: string): Promise<Body> => (await request('GET', `${widgets}?${query}`)).body;
      expect(await refused('continue=abc')).toMatchObject({ code: 400 });
      expect(await refused('limit=abc')).toMatchObject({ code: 400 });
      expect(await refused('resourceVersion=abc')).toMatchObject({ code: 400 });
      expect((await refused('resourceVersionMatch=Exact')).message).toContain(
        'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
      );
    });
  });

  describe('tables', () => {
    it('has a column per printer column and a cell per JSONPath', async () => {
      const made = await create({ size: 5, mode: 'Safe' });
      const table = async (): Promise<Body> => (await request('GET', path(made), { accept: asTable })).body;
      const before = await table();
      expect(before).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
      expect(before['columnDefinitions']).toMatchObject([
        { name: 'Name', type: 'string', format: 'name', priority: 0 },
        { name: 'Ready', type: 'string', priority: 0 },
        { name: 'Size', type: 'integer', priority: 0 },
        { name: 'Mode', type: 'string', priority: 1, description: 'How it works.' },
        { name: 'Age', type: 'date', priority: 0 },
      ]);
      expect(before['rows']).toMatchObject([
        {
          cells: [made.metadata?.name, null, 5, 'Safe', expect.stringMatching(/^\d+s$/)],
          object: { kind: 'PartialObjectMetadata' },
        },
      ]);
      const conditions = [
        { type: 'Synced', status: 'False' },
        { type: 'Ready', status: 'True' },
      ];
      await patch(`${path(made)}/status`, { status: { conditions } });
      expect((await table())['rows']).toMatchObject([
        { cells: [made.metadata?.name, 'True', 5, 'Safe', expect.anything()] },
      ]);
    });

    it('can carry whole objects or none', async () => {
      const made = await create();
      const rows = async (include: string): Promise<unknown> =>
        (await request('GET', `${path(made)}?includeObject=${include}`, { accept: asTable })).body['rows'];
      expect(await rows('Object')).toMatchObject([{ object: { kind: 'Widget', spec: { size: 1 } } }]);
      const [bare] = (await rows('None')) as [object];
      expect(Object.keys(bare).filter((key) => key === 'object' && 'object' in bare && bare.object !== null)).toEqual(
        [],
      );
    });
  });
}
