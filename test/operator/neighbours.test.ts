import { describe, expect, it } from 'vitest';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { modeOf } from '#src/domain/mode.ts';
import { ApiError } from '#src/kubernetes/api-error.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { createNeighbours } from '#src/operator/neighbours.ts';

const OWN = '111122223333';
const OTHER = '444455556666';
const at = { of: 'invocation-logging', accountID: OWN, region: 'us-east-1' } as const;
const roleIn = (account: string) => ({ assumeRole: { roleARN: `arn:aws:iam::${account}:role/monitor` } });

const asking: BedrockMonitorSpec = {
  region: 'us-east-1',
  invocationLogging: { dataTypes: [], s3: { bucket: { name: 'records' } } },
};

function monitor(
  spec: Partial<BedrockMonitorSpec>,
  metadata: Partial<BedrockMonitor['metadata']> = {},
): BedrockMonitor {
  return {
    apiVersion: 'bedrockmonitor.io/v1alpha1',
    kind: 'BedrockMonitor',
    metadata: { namespace: 'genai', name: 'one', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec: { ...asking, ...spec },
  };
}

interface Given {
  readonly ownAccountID?: string | undefined;
  readonly found?: BedrockMonitor | ApiError;
  readonly listed?: readonly BedrockMonitor[];
  readonly allowed?: boolean;
  readonly dryRunAll?: boolean;
}

function neighbours({ found, listed = [], allowed = true, dryRunAll = false, ...given }: Given) {
  const get = (): Promise<BedrockMonitor> =>
    found instanceof ApiError || found === undefined
      ? Promise.reject(found ?? new ApiError(404, 'NotFound', 'none'))
      : Promise.resolve(found);
  return createNeighbours({
    client: { get } as unknown as Pick<Client, 'get'>,
    store: { list: () => [...listed] },
    ownAccountID: () => ('ownAccountID' in given ? given.ownAccountID : OWN),
    access: () => ({ ownAccount: allowed, roleARNs: allowed ? ['*'] : [], actionARNs: [] }),
    modeOf: (one) => modeOf(one, 0, dryRunAll),
  });
}

const { signal } = new AbortController();

describe('whether the holder of a claim still asks', () => {
  it.each<[string, Given, string, boolean]>([
    ['it is there and asks', { found: monitor({}) }, 'genai/one', true],
    ['it is gone', {}, 'genai/one', false],
    ['it is being deleted', { found: monitor({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }) }, 'genai/one', false],
    ['it asks in another Region', { found: monitor({ region: 'eu-west-1' }) }, 'genai/one', false],
    ['it acts in another account now', { found: monitor(roleIn(OTHER)) }, 'genai/one', false],
    ['it is suspended, and keeps what it holds', { found: monitor({ suspend: true }) }, 'genai/one', true],
    [
      'our own account is not known yet, so nobody may say that it asks elsewhere',
      { found: monitor({}), ownAccountID: undefined },
      'genai/one',
      true,
    ],
    [
      'the platform no longer allows it, and it keeps what it holds',
      { found: monitor({}), allowed: false },
      'genai/one',
      true,
    ],
    [
      'its namespace is another operator’s to watch',
      { found: new ApiError(403, 'Forbidden', 'no') },
      'genai/one',
      true,
    ],
    ['the holder was edited to a text that names no monitor', { found: monitor({}) }, 'nobody', false],
    ['the holder was edited to a text that names no monitor', { found: monitor({}) }, 'a/b/c', false],
    ['the holder was edited to a text that names no monitor', { found: monitor({}) }, 'a/', false],
    ['the holder was edited to another path of the API', { found: monitor({}) }, 'genai/.', false],
    ['it is in mode Plan, and keeps what it holds', { found: monitor({ mode: 'Plan' }) }, 'genai/one', true],
    ['it is in mode Observe, and keeps what it holds', { found: monitor({ mode: 'Observe' }) }, 'genai/one', true],
  ])('%s', async (_, given, holder, asks) => {
    expect(await neighbours(given).asks(holder, at, signal)).toBe(asks);
  });

  it('is not guessed while the API server is away', async () => {
    const away = neighbours({ found: new ApiError(0, 'Unreachable', 'away') });
    await expect(away.asks('genai/one', at, signal)).rejects.toThrow('away');
  });
});

describe('who else may take a free claim', () => {
  const self = { namespace: 'genai', name: 'self' };
  it.each<[string, Given, boolean]>([
    ['asks', { listed: [monitor({})] }, true],
    ['asks through a role of the account', { listed: [monitor(roleIn(OWN))] }, true],
    ['is suspended', { listed: [monitor({ suspend: true })] }, false],
    ['is suspended for a while', { listed: [monitor({ suspendUntil: '1970-01-01T00:00:01Z' })] }, false],
    ['was suspended for a while', { listed: [monitor({ suspendUntil: '1969-12-31T23:59:59Z' })] }, true],
    [
      'is suspended for a while by an annotation',
      { listed: [monitor({}, { annotations: { 'bedrockmonitor.io/suspend-until': '1970-01-01T00:00:01Z' } })] },
      false,
    ],
    ['is in mode Plan', { listed: [monitor({ mode: 'Plan' })] }, false],
    ['is in mode Observe', { listed: [monitor({ mode: 'Observe' })] }, false],
    ['asks while the process enforces nothing', { listed: [monitor({})], dryRunAll: true }, false],
    ['is being deleted', { listed: [monitor({}, { deletionTimestamp: '2026-01-01T00:00:00Z' })] }, false],
    ['asks for no logging', { listed: [{ ...monitor({}), spec: { region: at.region } }] }, false],
    [
      'may not use that role, and so keeps nobody from the account',
      { listed: [monitor(roleIn(OWN))], allowed: false },
      false,
    ],
    ['may not use the own account', { listed: [monitor({})], allowed: false }, false],
    ['guards another account, and so can never act in this one', { listed: [monitor({ accountID: OTHER })] }, false],
    ['is ourselves', { listed: [monitor({}, { name: 'self' })] }, false],
  ])('one that %s', (_, given, competes) => {
    expect(neighbours(given).rivals(self, at).length > 0).toBe(competes);
  });
});
