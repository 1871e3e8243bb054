import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { customResourceDefinition } from '#src/api/crd.ts';
import { apiVersion, group, kind, plural, version } from '#src/api/v1alpha1.ts';
import { examples } from '#test/support/examples.ts';
import type { Draft } from './rejections/row.ts';
import { accepted, laterFields, rejections } from './rejections.ts';

/** As much of an HTTP client as the suite needs; what test/e2e/support/api.ts has. */
export interface Requests {
  /** `T` is what the caller expects of the body. */
  request<T>(method: string, path: string, options?: { readonly body?: unknown }): Promise<Answer<T>>;
}

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** A monitor, or a Status that refuses one. */
interface Body {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec?: unknown;
  readonly details?: { readonly causes?: readonly Cause[] };
}

interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

const namespace = 'rejections';
const path = `/apis/${group}/${version}/namespaces/${namespace}/${plural}`;
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const byRule = rejections.flatMap(({ says, ...row }) => (says === undefined ? [] : [{ ...row, says }]));
const byBound = rejections.filter(({ cause }) => cause !== undefined);
const strict = '?fieldValidation=Strict';

/**
 * The schema and its rules as an API server applies them. The same rows run against the embedded API and against a
 * real one, so that a refusal reads alike on both. `api` is asked for when the tests run.
 */
export function rejectionSuite(api: () => Requests): void {
  beforeAll(async () => {
    const made = await api().request('POST', definitions, { body: customResourceDefinition });
    expect([201, 409]).toContain(made.status);
    await api().request('POST', '/api/v1/namespaces', {
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    });
    await vi.waitUntil(async () => (await api().request('GET', path)).status === 200, { timeout: 20_000 });
  });
  afterEach(async () => {
    await api().request('DELETE', path);
  });

  /** What came before the row's own request. */
  async function given(from: Draft, status: Draft | undefined, name: string): Promise<string> {
    const made = await api().request<Body>('POST', `${path}${strict}`, { body: manifest(from, name) });
    expect(made).toMatchObject({ status: 201 });
    if (status === undefined) return made.body.metadata.resourceVersion;
    const body = { ...manifest(from, name, made.body.metadata.resourceVersion), status };
    const bound = await api().request<Body>('PUT', `${path}/${name}/status`, { body });
    expect(bound).toMatchObject({ status: 200 });
    return bound.body.metadata.resourceVersion;
  }

  async function send(row: { spec: Draft; from?: Draft; status?: Draft; name?: string }): Promise<Answer<Body>> {
    const name = row.name ?? 'row';
    if (row.from === undefined)
      return api().request<Body>('POST', `${path}${strict}`, { body: manifest(row.spec, name) });
    const body = manifest(row.spec, name, await given(row.from, row.status, name));
    return api().request<Body>('PUT', `${path}/${name}${strict}`, { body });
  }

  test.each(byRule)('refuses $what, in its sentence', async (row) => {
    const answer = await send(row);
    expect(answer).toMatchObject({ status: 422 });
    // Before its sentence a message shows the value.
    const said = (answer.body.details?.causes ?? []).map(({ field, message }) => ({
      field,
      says: message.slice(-row.says.length),
    }));
    expect(said).toEqual([{ field: row.field, says: row.says }]);
  });

  test.each(byBound)('refuses $what', async (row) => {
    const answer = await send(row);
    expect(answer).toMatchObject({ status: 422 });
    expect(answer.body.details?.causes).toContainEqual(
      expect.objectContaining({ field: row.field, reason: row.cause }),
    );
  });

  test.each(laterFields)('refuses %s, which nothing would act on yet', async (field) => {
    const answer = await send({ spec: { region: 'us-east-1', [field]: {} } });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(`unknown field \\"spec.${field}\\"`);
  });

  test.each(accepted)('takes $what, and stores it as it was written', async (row) => {
    const answer = await send(row);
    expect(answer).toMatchObject({ status: row.from === undefined ? 201 : 200 });
    expect(answer.body.spec).toEqual(JSON.parse(JSON.stringify(row.spec)));
  });

  test.each(examples)('takes examples/$file', async ({ monitors }) => {
    for (const { metadata, spec = {} } of monitors) {
      expect(await send({ spec, name: metadata.name })).toMatchObject({ status: 201, body: { spec } });
    }
  });

  test('a monitor that no operator has seen is not current', async () => {
    const answer = await send({ spec: { region: 'us-east-1' } });
    expect(answer.body).toMatchObject({ metadata: { generation: 1 }, status: { observedGeneration: -1 } });
  });
}

function manifest(spec: Draft, name: string, resourceVersion?: string): object {
  const metadata = { name, namespace, ...(resourceVersion !== undefined && { resourceVersion }) };
  return { apiVersion, kind, metadata, spec };
}
