import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { connect } from './support/api.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { kubectl } from './support/kubectl.ts';
import type { RunResult } from './support/run.ts';

const manifests = join(import.meta.dirname, '../../manifests');
const operator = { namespace: 'bedrock-monitor-system', name: 'bedrock-monitor' };

describe('kubectl apply -k manifests/', () => {
  let plane: ControlPlane;
  let applied: RunResult;
  const admin = (...args: readonly string[]): Promise<RunResult> =>
    kubectl(args, { kubeconfig: plane.adminKubeconfigPath });

  beforeAll(async () => {
    plane = await startControlPlane();
    applied = await admin('apply', '-k', manifests);
  });
  afterAll(() => plane?.stop());

  test('is accepted without a warning', () => {
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toContain(
      'customresourcedefinition.apiextensions.k8s.io/bedrockmonitors.bedrockmonitor.io created',
    );
    expect(applied.stdout).toContain('deployment.apps/bedrock-monitor created');
  });

  test('changes nothing the second time', async () => {
    const versions = (): Promise<RunResult> =>
      admin('get', '-k', manifests, '-o', 'custom-columns=KIND:.kind,NAME:.metadata.name,V:.metadata.resourceVersion');
    const before = await versions();
    expect(before).toMatchObject({ code: 0, stdout: expect.stringContaining('Deployment') });
    expect(await admin('apply', '-k', manifests)).toMatchObject({ code: 0 });
    expect(await versions()).toEqual(before);
  });

  test('the optional network policy is accepted too', async () => {
    expect(await admin('apply', '-f', join(manifests, 'network-policy.yaml'))).toMatchObject({ code: 0, stderr: '' });
  });

  test('the pods of the Deployment pass the restricted Pod Security Standard that the namespace enforces', async () => {
    const { namespace, name } = operator;
    const deployment = await plane.api.request<{ spec: { template: { metadata: object; spec: object } } }>(
      'GET',
      `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
    );
    const { metadata, spec } = deployment.body.spec.template;
    const create = (podSpec: object): Promise<{ status: number; body: unknown }> =>
      plane.api.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
        body: { metadata: { ...metadata, generateName: 'bedrock-monitor-' }, spec: podSpec },
      });
    expect(await create(spec)).toMatchObject({ status: 201 });
    // The namespace does enforce it.
    expect(await create({ ...spec, hostNetwork: true })).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
  });

  test.each([
    ['yes', 'list bedrockmonitors.bedrockmonitor.io --all-namespaces'],
    ['yes', 'watch bedrockmonitors.bedrockmonitor.io --all-namespaces'],
    ['yes', 'patch bedrockmonitors.bedrockmonitor.io -n genai'],
    ['yes', 'patch bedrockmonitors.bedrockmonitor.io --subresource=status -n genai'],
    ['yes', 'create events.events.k8s.io -n genai'],
    ['yes', 'create leases.coordination.k8s.io -n bedrock-monitor-system'],
    ['yes', 'delete leases.coordination.k8s.io -n bedrock-monitor-system'],
    ['yes', 'watch configmaps -n bedrock-monitor-system'],
    ['yes', 'get namespaces/kube-system'],
    ['no', 'get namespaces/default'],
    ['no', 'create bedrockmonitors.bedrockmonitor.io -n genai'],
    ['no', 'delete bedrockmonitors.bedrockmonitor.io -n genai'],
    ['no', 'get leases.coordination.k8s.io -n genai'],
    ['no', 'get configmaps -n genai'],
    ['no', 'get configmaps -n bedrock-monitor-system'],
    ['no', 'update configmaps -n bedrock-monitor-system'],
    ['no', 'get secrets -n bedrock-monitor-system'],
    ['no', 'create pods -n bedrock-monitor-system'],
    ['no', 'create serviceaccounts --subresource=token -n bedrock-monitor-system'],
  ])('the operator may (%s): %s', async (answer, question) => {
    const kubeconfig = await plane.kubeconfigFor(operator);
    const { stdout } = await kubectl(['auth', 'can-i', ...question.split(' ')], { kubeconfig });
    expect(stdout.trim()).toBe(answer);
  });

  test('the list of credentials that the operator reads is there', async () => {
    const api = connect(await plane.accessFor(operator));
    const answer = await api.request<{
      items: readonly { metadata: { name: string }; data: Record<string, string> }[];
    }>('GET', `/api/v1/namespaces/${operator.namespace}/configmaps`);
    await api.close();
    const list = answer.body.items.find(({ metadata }) => metadata.name === 'bedrock-monitor-credentials');
    expect(parse(list?.data['credentials.yaml'] ?? '')).toEqual([
      { namespaces: ['*'], ownAccount: true, roleARNs: [], actionARNs: [] },
    ]);
  });

  test('an overlay changes one alarm with the merge keys shipped for Kustomize', async () => {
    const overlay = join(dirname(plane.adminKubeconfigPath), 'overlay');
    await mkdir(overlay);
    await copyFile(join(manifests, 'kustomize-openapi.json'), join(overlay, 'kustomize-openapi.json'));
    const monitor = (spec: object): string =>
      JSON.stringify({
        apiVersion: 'bedrockmonitor.io/v1alpha1',
        kind: 'BedrockMonitor',
        metadata: { name: 'm' },
        spec,
      });
    const alarms = [
      { name: 'throttling', preset: 'Throttling' },
      { name: 'errors', preset: 'ErrorRate' },
    ];
    await writeFile(join(overlay, 'base.yaml'), monitor({ region: 'us-east-1', alarms }));
    await writeFile(join(overlay, 'patch.yaml'), monitor({ alarms: [{ name: 'errors', threshold: 7 }] }));
    const kustomization = {
      resources: ['base.yaml'],
      patches: [{ path: 'patch.yaml' }],
      openapi: { path: 'kustomize-openapi.json' },
    };
    await writeFile(join(overlay, 'kustomization.yaml'), JSON.stringify(kustomization));
    const built = await admin('kustomize', overlay);
    expect(built).toMatchObject({ code: 0 });
    const { spec }: { spec: { alarms: unknown[] } } = parse(built.stdout);
    expect(spec.alarms).toHaveLength(2);
    expect(spec.alarms).toEqual(expect.arrayContaining([alarms[0], { ...alarms[1], threshold: 7 }]));
  });
});
