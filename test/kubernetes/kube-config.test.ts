import { describe, expect, test } from 'vitest';
import { credentialSource } from '#src/kubernetes/credentials.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { createTransport } from '#src/kubernetes/transport.ts';
import { fakeClock } from '#test/support/fake-clock.ts';

const text = (users: object[] = [{ name: 'u', user: { token: 'secret' } }], cluster: object = {}) =>
  JSON.stringify({
    clusters: [
      { name: 'one', cluster: { server: 'https://one:6443', ...cluster } },
      { name: 'two', cluster: { server: 'https://two:6443' } },
    ],
    users,
    contexts: [
      { name: 'first', context: { cluster: 'one', user: 'u' } },
      { name: 'second', context: { cluster: 'two', user: 'u' } },
    ],
    'current-context': 'first',
  });

describe('contexts', () => {
  test('the current one, or the one asked for', () => {
    expect(loadKubeConfig({ text: text() }).getCurrentCluster()?.server).toBe('https://one:6443');
    expect(loadKubeConfig({ text: text(), context: 'second' }).getCurrentCluster()?.server).toBe('https://two:6443');
  });

  test('one that is missing is named, with those that exist', () => {
    expect(() => loadKubeConfig({ text: text(), context: 'third' })).toThrow(
      'kubeconfig: no context third; there are: first, second',
    );
    expect(() => loadKubeConfig({ text: '{"clusters":[],"users":[],"contexts":[]}' })).toThrow('set current-context');
  });
});

describe('credentials', () => {
  test('TLS material and headers are as the kubeconfig says, and the original is left as it was', async () => {
    const config = loadKubeConfig({
      text: text(
        [{ name: 'u', user: { 'client-certificate-data': 'Y2VydA==', 'client-key-data': 'a2V5', as: 'ann' } }],
        {
          'certificate-authority-data': 'Y2E=',
          'tls-server-name': 'api.internal',
          'insecure-skip-tls-verify': true,
        },
      ),
    });
    const before = config.exportConfig();
    const { headers, tls } = await credentialSource(config, fakeClock()).current();
    expect(headers).toEqual({ 'impersonate-user': 'ann' });
    expect({ ...tls, ca: String(tls.ca), cert: String(tls.cert), key: String(tls.key) }).toEqual({
      ca: 'ca',
      cert: 'cert',
      key: 'key',
      servername: 'api.internal',
      rejectUnauthorized: false,
    });
    expect(config.exportConfig()).toBe(before);
  });

  test('are read again after ten seconds, or when they were refused', async () => {
    const clock = fakeClock();
    const source = credentialSource(loadKubeConfig({ text: text() }), clock);
    const first = source.current();
    expect(source.current()).toBe(first);
    await clock.advance(10_000);
    const second = source.current();
    expect(second).not.toBe(first);
    source.renew(await first);
    expect(source.current()).toBe(second);
    source.renew(await second);
    expect(source.current()).not.toBe(second);
    expect((await source.current()).headers).toEqual({ authorization: 'Bearer secret' });
  });

  test('a failure is not remembered', async () => {
    const missing = { name: 'u', user: { 'client-certificate': '/nowhere/cert' } };
    const source = credentialSource(loadKubeConfig({ text: text([missing]) }), fakeClock());
    await expect(source.current()).rejects.toThrow('/nowhere/cert');
    const again = source.current();
    await expect(again).rejects.toThrow('/nowhere/cert');
  });
});

test('one pool serves until the TLS material changes', async () => {
  const transport = createTransport();
  const first = transport.dispatcher({ ca: 'a' });
  expect(transport.dispatcher({ ca: 'a' })).toBe(first);
  expect(transport.dispatcher({ ca: 'b' })).not.toBe(first);
  await transport.close();
});

test('a SOCKS proxy is refused by name', () => {
  expect(() => createTransport({ proxyURL: 'socks5://p:1080' })).toThrow('proxy-url socks5://p:1080 is not supported');
});
