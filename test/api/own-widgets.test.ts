import { afterAll, beforeAll, expect, test } from 'vitest';
import { customResourceDefinition } from '#src/api/crd.ts';
import { apiVersion, group, kind, plural, version } from '#src/api/v1alpha1.ts';
import { type KubernetesApi, startKubernetesApi } from '#src/playground/kubernetes/server.ts';

const path = `/apis/${group}/${version}/namespaces/default/${plural}/boards`;

let api: KubernetesApi;
beforeAll(async () => {
  api = await startKubernetesApi();
  api.handle({
    method: 'POST',
    url: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    contentType: 'application/json',
    body: JSON.stringify(customResourceDefinition),
  });
});
afterAll(() => api.close());

/** Server-side apply of dashboards, as `manager`. */
function apply(manager: string, dashboards: readonly object[]) {
  const spec = { region: 'us-east-1', dashboards };
  return api.handle({
    method: 'PATCH',
    url: `${path}?fieldManager=${manager}&fieldValidation=Strict`,
    contentType: 'application/apply-patch+yaml',
    body: JSON.stringify({ apiVersion, kind, metadata: { name: 'boards', namespace: 'default' }, spec }),
  });
}

const text = (markdown: string) => ({ type: 'text', properties: { markdown } });
/** Lists in lists, null, empty members and names of any kind: what CloudWatch's JSON has. */
const metric = {
  type: 'metric',
  width: 12,
  properties: {
    metrics: [['AWS/Bedrock', 'Invocations', { stat: 'Sum', 'x-y.z': 1.5 }], [{ expression: 'm1 * 2' }], []],
    annotations: { horizontal: [[{ value: 1 }, { value: 2 }]] },
    yAxis: {},
    liveData: false,
  },
};

test('own widgets pass the API as they are written, and are replaced as a whole by whoever wrote them', () => {
  const teams = [{ name: 'team', preset: 'Overview', widgets: [metric, text('ours')] }];
  expect(apply('team', teams)).toMatchObject({ status: 201, body: { spec: { dashboards: teams } } });
  const platforms = [{ name: 'platform', widgets: [text('theirs')] }];
  expect(apply('platform', platforms)).toMatchObject({
    status: 200,
    body: { spec: { dashboards: [...teams, ...platforms] } },
  });
  const fewer = [{ name: 'team', preset: 'Overview', widgets: [text('ours')] }];
  const after = apply('team', fewer);
  expect(after).toMatchObject({ status: 200, body: { spec: { dashboards: [...fewer, ...platforms] } } });
  expect(JSON.stringify(after)).not.toContain('AWS/Bedrock');
});

test('another owner of the same entry is told of the conflict', () => {
  const answer = apply('somebody', [{ name: 'platform', widgets: [text('mine')] }]);
  expect(answer).toMatchObject({ status: 409 });
  expect(JSON.stringify(answer)).toContain('platform');
});
