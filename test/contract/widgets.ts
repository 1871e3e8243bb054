import { randomBytes } from 'node:crypto';
import { beforeAll, expect } from 'vitest';
import type { Body, ContractAnswer, ContractApi, ContractRequest } from './contract-api.ts';

export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const mergePatch = 'application/merge-patch+json';
export const jsonPatch = 'application/json-patch+json';
export const strategicPatch = 'application/strategic-merge-patch+json';
export const applyPatch = 'application/apply-patch+yaml';

const part = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', maxLength: 10 }, count: { type: 'integer' }, namespace: { type: 'string' } },
  'x-kubernetes-validations': [
    {
      rule: "!has(self.__namespace__) || self.__namespace__ != 'kube-system'",
      message: 'no part may be in kube-system',
    },
  ],
};

const spec = {
  type: 'object',
  description: 'What is wanted.',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 100, description: 'How large it is to be.' },
    mode: { type: 'string', enum: ['Fast', 'Safe'] },
    ratio: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1 },
    share: { type: 'number', minimum: 0.5, maximum: 1.5 },
    code: { type: 'string', pattern: '^[a-z]+$', maxLength: 5, minLength: 2 },
    level: { type: 'string', default: 'Low' },
    tags: { type: 'array', maxItems: 5, 'x-kubernetes-list-type': 'set', items: { type: 'string', maxLength: 10 } },
    steps: { type: 'array', maxItems: 3, minItems: 1, items: { type: 'string', maxLength: 10 } },
    parts: {
      type: 'array',
      maxItems: 10,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: part,
    },
    labels: { type: 'object', maxProperties: 3, additionalProperties: { type: 'string', maxLength: 20 } },
    port: { 'x-kubernetes-int-or-string': true },
    extra: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    fixed: {
      type: 'string',
      maxLength: 20,
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed cannot change' }],
    },
    timeout: { type: 'string', maxLength: 18 },
    nested: {
      type: 'object',
      properties: { limit: { type: 'integer', default: 7 }, note: { type: 'string', nullable: true } },
    },
    one: { type: 'string', maxLength: 20 },
    other: { type: 'string', maxLength: 20 },
  },
  'x-kubernetes-validations': [
    { rule: 'has(self.one) != has(self.other) || !has(self.one)', message: 'one and other exclude each other' },
    {
      rule: 'self.size < 50 || (has(self.mode) && self.mode == "Fast")',
      messageExpression: `'size over 49 needs mode Fast' + (has(self.mode) ? ', not ' + self.mode : '')`,
    },
    {
      rule: "!has(self.timeout) || duration(self.timeout) >= duration('1m')",
      message: 'timeout must be at least 1m',
      fieldPath: '.timeout',
      reason: 'FieldValueForbidden',
    },
    {
      rule: "!has(self.tags) || self.tags.all(t, t.matches('^(?:[a-z]+|[0-9]+)$'))",
      message: 'tags are words or numbers',
    },
    { rule: '!has(self.steps) || self.steps.exists_one(s, s == "start")', message: 'exactly one step is start' },
    {
      rule: '!has(self.parts) || self.parts.filter(p, has(p.count)).map(p, p.count).all(c, c > 0)',
      message: 'counts are positive',
    },
    {
      rule: '!has(self.parts) || !has(self.tags) || self.parts.all(p, self.tags.exists(t, t == p.name))',
      message: 'every part is a tag',
    },
    { rule: '!has(oldSelf.one) || has(self.one)', message: 'one cannot be removed' },
  ],
};

/** A small CRD that has one of everything that the contract speaks of. */
export const widgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.contract.test' },
  spec: {
    group: 'contract.test',
    scope: 'Namespaced',
    names: {
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      listKind: 'WidgetList',
      shortNames: ['wd'],
      categories: ['contract'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        selectableFields: [{ jsonPath: '.spec.mode' }],
        additionalPrinterColumns: [
          { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Mode', type: 'string', jsonPath: '.spec.mode', priority: 1, description: 'How it works.' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A widget.',
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec,
              status: {
                type: 'object',
                default: { observedGeneration: -1 },
                properties: {
                  observedGeneration: { type: 'integer', format: 'int64' },
                  conditions: {
                    type: 'array',
                    maxItems: 10,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['type'],
                    items: {
                      type: 'object',
                      required: ['type', 'status'],
                      properties: {
                        type: { type: 'string' },
                        status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

/** What the chapters of the contract work with: one namespace of their own, and verbs over Widgets in it. */
export interface Bench {
  readonly namespace: string;
  readonly widgets: string;
  readonly request: ContractApi['request'];
  readonly watch: ContractApi['watch'];
  /** A name that no other test has. */
  readonly name: (prefix?: string) => string;
  readonly widget: (
    name: string,
    spec: Readonly<Record<string, unknown>>,
    metadata?: Readonly<Record<string, unknown>>,
  ) => Body;
  /** Creates a Widget and expects it to work. */
  readonly create: (
    spec?: Readonly<Record<string, unknown>>,
    metadata?: Readonly<Record<string, unknown>>,
  ) => Promise<Body>;
  readonly patch: (path: string, body: unknown, contentType?: string) => Promise<ContractAnswer>;
  readonly path: (widget: Body) => string;
}

/** Installs the CRD where it is not, and a namespace of a random name. */
export function workbench(api: () => ContractApi): Bench {
  const suffix = randomBytes(4).toString('hex');
  const namespace = `contract-${suffix}`;
  const widgets = `/apis/contract.test/v1/namespaces/${namespace}/widgets`;
  let count = 0;
  const request = (method: string, path: string, options?: ContractRequest): Promise<ContractAnswer> =>
    api().request(method, path, options);
  const name = (prefix = 'w'): string => {
    count += 1;
    return `${prefix}-${suffix}-${count}`;
  };
  const widget: Bench['widget'] = (own, wanted, metadata = {}) => ({
    apiVersion: 'contract.test/v1',
    kind: 'Widget',
    metadata: { name: own, ...metadata },
    spec: wanted,
  });

  beforeAll(async () => {
    expect([201, 409]).toContain((await request('POST', definitions, { body: widgetDefinition })).status);
    await until(async () => (await request('GET', '/apis/contract.test/v1/widgets')).status === 200);
    const made = await request('POST', '/api/v1/namespaces', {
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    });
    expect(made.status).toBe(201);
  }, 30_000);

  return {
    namespace,
    widgets,
    request,
    watch: (path, signal) => api().watch(path, signal),
    name,
    widget,
    async create(wanted = { size: 1 }, metadata = {}) {
      const answer = await request('POST', widgets, { body: widget(name(), wanted, metadata) });
      expect(answer.body).toMatchObject({ kind: 'Widget' });
      return answer.body;
    },
    patch: (path, body, contentType = mergePatch) => request('PATCH', path, { body, contentType }),
    path: (one) => `${widgets}/${one.metadata?.name}`,
  };
}

/** A real API server installs a CRD a moment after it took it: asks until it is there. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the API server did not get there within ten seconds');
}

/** `field: message` of every cause of an Invalid answer, sorted. */
export function causes({ body }: ContractAnswer): string[] {
  return (body.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`).sort();
}
