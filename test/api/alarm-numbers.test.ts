import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customResourceDefinition } from '#src/api/crd.ts';
import { apiVersion, group, kind, plural, version } from '#src/api/v1alpha1.ts';
import { alarmPresets } from '#src/domain/plan/alarm-presets.ts';
import { type KubernetesApi, startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { masked } from '#test/contract/rejections/row.ts';

const path = `/apis/${group}/${version}/namespaces/default/${plural}?fieldValidation=Strict&dryRun=All`;
const DAY = 86_400;

let api: KubernetesApi;
beforeAll(async () => {
  api = await startKubernetesApi();
  post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', customResourceDefinition);
});
afterAll(() => api.close());

function post(url: string, body: unknown) {
  return api.handle({ method: 'POST', url, contentType: 'application/json', body: JSON.stringify(body) });
}

/** What the presets with parameters need beside them. */
const beside: Readonly<Record<string, object>> = {
  QuotaHeadroom: { quotaHeadroom: { tokensPerMinute: 1 } },
  CostBudget: { costBudget: { amountUSD: 1 } },
};
const perModel = new Set(['QuotaHeadroom', 'TimeToFirstToken']);

/** Whether the API takes an alarm of a preset with these numbers. */
function takes(preset: string, numbers: object): boolean {
  const models = perModel.has(preset) ? { models: ['m'] } : {};
  const alarms = [{ name: 'a', preset, ...beside[preset], ...models, ...numbers }];
  const modelPrices = [{ model: 'm', inputUSDPerMillion: 1, outputUSDPerMillion: 1 }];
  const spec = masked({}, { spec: { alarms, modelPrices } });
  const answer = post(path, { apiVersion, kind, metadata: { name: 'any', namespace: 'default' }, spec });
  if (!('status' in answer)) throw new Error('no answer');
  return answer.status === 201;
}

describe("the schema's rules know the numbers of each preset", () => {
  test.each(Object.entries(alarmPresets))('%s', (preset, { period, evaluationPeriods }) => {
    const most = Math.min(Math.floor((period < 3600 ? DAY : 7 * DAY) / period), 1440);
    expect(takes(preset, {})).toBe(true);
    expect(takes(preset, { evaluationPeriods: most })).toBe(true);
    expect(takes(preset, { evaluationPeriods: most + 1 })).toBe(false);
    expect(takes(preset, { datapointsToAlarm: evaluationPeriods })).toBe(true);
    expect(takes(preset, { datapointsToAlarm: evaluationPeriods + 1 })).toBe(false);
  });
});
