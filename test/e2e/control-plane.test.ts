import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from './support/api.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { kubectl } from './support/kubectl.ts';

describe('the control plane that the other tests stand on', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
  });
  afterAll(() => plane?.stop());

  test('kubectl talks to it as an administrator', async () => {
    const made = await kubectl(['create', 'namespace', 'genai'], { kubeconfig: plane.adminKubeconfigPath });
    expect(made).toMatchObject({ code: 0, stdout: 'namespace/genai created\n' });
  });

  test('a service account may do what RBAC grants it, and nothing else', async () => {
    const manifest = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: reader, namespace: default}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: default}
rules: [{apiGroups: [''], resources: [configmaps], verbs: [list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: default}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: reader, namespace: default}]
`;
    const applied = await kubectl(['apply', '-f', '-'], { kubeconfig: plane.adminKubeconfigPath, stdin: manifest });
    expect(applied.stderr).toBe('');
    const kubeconfig = await plane.kubeconfigFor({ namespace: 'default', name: 'reader' });
    expect(await kubectl(['get', 'configmaps'], { kubeconfig })).toMatchObject({ code: 0 });
    const refused = await kubectl(['get', 'secrets'], { kubeconfig });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('User "system:serviceaccount:default:reader" cannot list resource "secrets"');

    const noted = (await plane.audit()).filter(
      (event) => event.stage === 'ResponseComplete' && event.objectRef?.resource === 'secrets',
    );
    expect(noted.map(({ verb, user, responseStatus }) => [verb, user.username, responseStatus?.code])).toEqual([
      ['list', 'system:serviceaccount:default:reader', 403],
    ]);
  });

  test('a caller without a token is turned away', async () => {
    const { url, certificateAuthority } = plane.admin;
    const anonymous = connect({ url, certificateAuthority });
    expect((await anonymous.request('GET', '/api/v1/namespaces')).status).toBe(403);
    await anonymous.close();
  });

  test('its objects outlive a restart and a crash of the API server', async () => {
    const path = '/api/v1/namespaces/default/configmaps';
    await plane.api.request('POST', path, { body: { metadata: { name: 'kept' }, data: { a: '1' } } });
    await plane.restartApiServer();
    expect((await plane.api.request('GET', `${path}/kept`)).status).toBe(200);
    await plane.kill('apiServer');
    await expect(plane.api.request('GET', `${path}/kept`)).rejects.toThrow('ECONNREFUSED');
    await plane.start('apiServer');
    expect((await plane.api.request('GET', `${path}/kept`)).body).toMatchObject({ data: { a: '1' } });
  });

  test('while paused it answers nothing, and then what was asked', async () => {
    await plane.pause('apiServer');
    const impatient = plane.api.request('GET', '/readyz', { signal: AbortSignal.timeout(300) });
    await expect(impatient).rejects.toThrow(/timeout/);
    const patient = plane.api.request('GET', '/readyz');
    plane.resume('apiServer');
    expect((await patient).status).toBe(200);
  });
});
