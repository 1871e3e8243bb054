import { describe, expect, it } from 'vitest';
import type { ContractAnswer } from './contract-api.ts';
import type { Bench } from './widgets.ts';
import { causes, definitions, until } from './widgets.ts';

type Part = Readonly<Record<string, unknown>>;

/** CRDs: what is established, what is refused. Discovery and OpenAPI of what they define. */
export function definitionsContract(bench: Bench): void {
  const { request, name } = bench;

  /** A CRD of a kind of its own, with this schema for spec. */
  function definition(plural: string, spec: Part, version: Part = {}): Part {
    const kind = `${plural.charAt(0).toUpperCase()}${plural.slice(1).replaceAll('-', '')}`;
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.contract.test` },
      spec: {
        group: 'contract.test',
        scope: 'Cluster',
        names: { plural, kind },
        versions: [{ name: 'v1', served: true, storage: true, schema, ...version }],
      },
    };
  }
  const post = (body: Part): Promise<ContractAnswer> => request('POST', `${definitions}?dryRun=All`, { body });
  const refused = async (spec: Part, version: Part = {}): Promise<string> =>
    causes(await post(definition(name('p').replaceAll('-', ''), spec, version))).join('\n');
  const rule = (text: string, more: Part = {}): Part => ({
    type: 'object',
    properties: { size: { type: 'integer' }, text: { type: 'string', maxLength: 10 } },
    'x-kubernetes-validations': [{ rule: text, ...more }],
  });

  describe('definitions', () => {
    it('are established, with the names they leave out, served, and gone again', async () => {
      const plural = name('p').replaceAll('-', '');
      const own = `${definitions}/${plural}.contract.test`;
      expect((await request('POST', definitions, { body: definition(plural, { type: 'object' }) })).status).toBe(201);
      await until(async () => (await request('GET', `/apis/contract.test/v1/${plural}`)).status === 200);
      const { body } = await request('GET', own);
      expect(body.status).toMatchObject({
        acceptedNames: { plural, listKind: expect.stringMatching(/List$/), singular: expect.any(String) },
        storedVersions: ['v1'],
      });
      expect(body.status).toMatchObject({
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: 'NamesAccepted', status: 'True', reason: 'NoConflicts' }),
          expect.objectContaining({ type: 'Established', status: 'True', reason: 'InitialNamesAccepted' }),
        ]),
      });
      expect((await request('DELETE', own)).status).toBe(200);
      await until(async () => (await request('GET', own)).status === 404);
    });

    it('must have consistent names and one storage version', async () => {
      const good = definition('things', { type: 'object' });
      const renamed = await post({ ...good, metadata: { name: 'other.contract.test' } });
      expect(causes(renamed)).toEqual([
        'metadata.name: Invalid value: "other.contract.test": must be spec.names.plural+"."+spec.group',
      ]);
      expect(await refused({ type: 'object' }, { storage: false })).toContain(
        'must have exactly one version marked as storage version',
      );
    });

    it('must have structural schemas', async () => {
      const properties = (one: Part): Part => ({ type: 'object', properties: { one } });
      expect(await refused(properties({}))).toContain(
        '.type: Required value: must not be empty for specified object fields',
      );
      expect(await refused(properties({ type: 'array' }))).toContain('.items: Required value: must be specified');
      expect(await refused({ ...properties({ type: 'string' }), additionalProperties: { type: 'string' } })).toContain(
        'additionalProperties and properties are mutual exclusive',
      );
      expect(await refused(properties({ type: 'array', uniqueItems: true, items: { type: 'string' } }))).toContain(
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      );
      expect(await refused(properties({ type: 'string', pattern: '(' }))).toContain(
        'must be a valid regular expression',
      );
      const map = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
      const item = { type: 'object', properties: { name: { type: 'string' } } };
      expect(await refused(properties({ ...map, items: item }))).toContain(
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      );
    });

    it('must have rules that compile and give a bool', async () => {
      const compiled = 'compilation failed: ERROR: <input>:1:';
      expect(await refused(rule('self.size >'))).toContain(`${compiled}12: Syntax error:`);
      expect(await refused(rule('self.nope == 1'))).toContain(`${compiled}5: undefined field 'nope'`);
      expect(await refused(rule('has(self.nope)'))).toContain("undefined field 'nope'");
      expect(await refused(rule('other == 1'))).toContain(
        `${compiled}1: undeclared reference to 'other' (in container '')`,
      );
      expect(await refused(rule('self.text == 1'))).toContain(
        "found no matching overload for '_==_' applied to '(string, int)'",
      );
      expect(await refused(rule("self.text.matches('(')"))).toContain('invalid matches argument');
      expect(await refused(rule("duration('soon') > duration('1m')"))).toContain('invalid duration argument');
      expect(await refused(rule('self.size'))).toContain('cel expression must evaluate to a bool');
      expect(await refused(rule('true', { messageExpression: 'self.size' }))).toContain(
        'messageExpression must evaluate to a string',
      );
      expect(await refused(rule('true', { fieldPath: '.nope' }))).toContain('must be a valid path');
      expect(await refused(rule('self.size > 0\n&& true'))).toContain(
        'message must be specified if rule contains line breaks',
      );
      expect(await refused(rule('self.size > 0'))).toBe('');
    });

    it('must have columns that can be printed', async () => {
      const column = { additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: '.spec' }] };
      expect(await refused({ type: 'object' }, column)).toContain('must be one of boolean,date,integer,number,string');
    });
  });

  describe('discovery', () => {
    it('lists groups, resources and short names', async () => {
      const groups = (await request('GET', '/apis')).body['groups'] as readonly { name: string }[];
      expect(groups.map((group) => group.name)).toEqual(
        expect.arrayContaining(['contract.test', 'coordination.k8s.io', 'events.k8s.io', 'apiextensions.k8s.io']),
      );
      expect((await request('GET', '/apis/contract.test/v1')).body['resources']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            name: 'widgets',
            kind: 'Widget',
            namespaced: true,
            shortNames: ['wd'],
            categories: ['contract'],
          }),
          expect.objectContaining({ name: 'widgets/status', kind: 'Widget', verbs: ['get', 'patch', 'update'] }),
        ]),
      );
      expect((await request('GET', '/api/v1')).body['resources']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: 'namespaces', namespaced: false, shortNames: ['ns'] }),
        ]),
      );
    });

    it('is healthy and has a version', async () => {
      for (const path of ['/healthz', '/readyz', '/livez']) {
        expect((await request('GET', path)).body).toEqual({ text: 'ok' });
      }
      expect((await request('GET', '/version')).body).toMatchObject({
        major: '1',
        gitVersion: expect.stringMatching(/^v1\./),
      });
    });

    it('describes every kind in OpenAPI v3, with fieldValidation on PATCH', async () => {
      const read = async (path: string): Promise<string> => {
        const paths = (await request('GET', '/openapi/v3')).body['paths'] as Record<
          string,
          { serverRelativeURL: string }
        >;
        return JSON.stringify((await request('GET', paths[path]?.serverRelativeURL ?? '/none')).body);
      };
      await until(async () => (await read('apis/contract.test/v1')).includes('How large it is to be.'));
      expect(await read('apis/contract.test/v1')).toContain('"x-kubernetes-group-version-kind"');
      const core = JSON.parse(await read('api/v1')) as {
        paths: Record<string, { patch?: { parameters?: readonly { name: string }[] } }>;
      };
      const parameters = core.paths['/api/v1/namespaces/{name}']?.patch?.parameters ?? [];
      expect(parameters.map((parameter) => parameter.name)).toContain('fieldValidation');
    });
  });
}
