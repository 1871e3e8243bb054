import { beforeEach, describe, expect, test } from 'vitest';
import type { Client } from '#src/kubernetes/client.ts';
import { finalizer, monitors } from '#src/operator/monitors.ts';
import { orphanStage, productionStatus } from './orphan-stage.ts';

const stage = orphanStage();

describe('what others do at the same time', () => {
  /** A client during whose first patch somebody else is faster. */
  const raced = (meddle: () => Promise<unknown>): Client => {
    let first = true;
    return {
      ...stage().client,
      patch: async (...args: Parameters<Client['patch']>) => {
        if (first) {
          first = false;
          await meddle();
        }
        return stage().client.patch(...args) as never;
      },
    };
  };
  const at = { namespace: 'genai', name: 'production' };

  test('an edit in between: read again and done', async () => {
    await stage().leave('genai/production', { status: productionStatus, deleted: true });
    const touch = () =>
      stage().client.patch(monitors, at, { type: 'merge', body: { metadata: { labels: { a: 'b' } } } });
    expect(await stage().run('--all --yes', { client: raced(touch) })).toMatchObject({ code: 0, err: '' });
    expect(await stage().holders()).toEqual([]);
  });

  test('an inventory that moves is an operator at work: left alone', async () => {
    await stage().leave('genai/production', { status: productionStatus });
    const write = () =>
      stage().client.patch(monitors, at, { type: 'merge', subresource: 'status', body: { status: { inventory: [] } } });
    const answer = await stage().run('--all --yes', { client: raced(write) });
    expect(answer).toMatchObject({
      code: 1,
      err: 'bedrock-monitor orphan: genai/production was not changed: its inventory changed meanwhile, so an operator works on it: stop that first, then run this again\n',
    });
    expect(await stage().holders()).toEqual([`production: ${finalizer}`]);
  });

  test('another monitor of the same name is not the one that was shown', async () => {
    await stage().leave('genai/production', { status: productionStatus });
    const recreate = async () => {
      await stage().client.patch(monitors, at, { type: 'merge', body: { metadata: { finalizers: [] } } });
      await stage().client.delete(monitors, at);
      await stage().leave('genai/production', { status: productionStatus });
    };
    const answer = await stage().run('--all --yes', { client: raced(recreate) });
    expect(answer).toMatchObject({ code: 1, err: expect.stringContaining('was deleted and created again meanwhile') });
    expect(await stage().holders()).toEqual([`production: ${finalizer}`]);
  });

  test('gone meanwhile is success', async () => {
    await stage().leave('genai/production', { status: productionStatus, deleted: true });
    const finish = () => stage().client.patch(monitors, at, { type: 'merge', body: { metadata: { finalizers: [] } } });
    const answer = await stage().run('--all --yes', { client: raced(finish) });
    expect(answer).toMatchObject({ code: 0, err: '' });
    expect(answer.out).toContain('genai/production   gone\n');
  });

  test('somebody who always writes first is not fought for ever', async () => {
    await stage().leave('genai/production', { status: productionStatus });
    stage().api.failNext(100, 409, (method) => method === 'PATCH');
    expect(await stage().run('--all --yes')).toMatchObject({ code: 1, err: expect.stringContaining('409') });
    expect(stage().api.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(5);
  });
});

describe('while an operator is running', () => {
  const lead = (renewTime: string, holderIdentity = 'pod-a_1') =>
    stage()
      .leases()
      .create({
        metadata: { name: 'bedrock-monitor' },
        spec: { holderIdentity, leaseDurationSeconds: 15, renewTime },
      });
  const renew = async () => {
    const leases = stage().leases();
    const lease = await leases.get('bedrock-monitor');
    if (lease?.spec) await leases.replace({ ...lease, spec: { ...lease.spec, leaseTransitions: 1 } });
  };
  const refusal =
    'an operator is running: pod-a_1 holds the Lease bedrock-monitor-system/bedrock-monitor. It cleans up in AWS what orphaned monitors leave there: delete monitors while it runs, or stop it first. --force goes ahead all the same';

  beforeEach(() => stage().leave('genai/production', { status: productionStatus, deleted: true }));

  test.each(['--all --yes', '--all', 'genai/production --yes'])('it refuses: %s', async (line) => {
    await lead('2026-05-01T11:59:46.000000Z');
    await expect(stage().run(line)).rejects.toThrow(refusal);
    expect(await stage().holders()).toEqual([`production: ${finalizer}`]);
  });

  test('--force goes ahead', async () => {
    await lead('2026-05-01T11:59:59.000000Z');
    expect(await stage().run('--all --yes --force')).toMatchObject({ code: 0 });
    expect(await stage().holders()).toEqual([]);
  });

  test('a leader whose clock is far behind ours is seen to renew', async () => {
    await lead('2026-05-01T11:00:00.000000Z');
    await expect(stage().run('--all --yes', { waited: renew })).rejects.toThrow(refusal);
  });

  test.each([
    ['a crashed leader does not hold it up', '2026-05-01T11:59:45.000000Z', 'pod-a_1'],
    ['nor does one that let go', '2026-05-01T11:59:59.000000Z', ''],
  ])('%s', async (_, renewTime, holder) => {
    await lead(renewTime, holder);
    expect(await stage().run('--all --yes')).toMatchObject({ code: 0 });
    expect(await stage().holders()).toEqual([]);
  });

  test('the Lease may have another name and place', async () => {
    await stage()
      .leases('research')
      .create({
        metadata: { name: 'monitors' },
        spec: { holderIdentity: 'pod-b', leaseDurationSeconds: 15, renewTime: '2026-05-01T12:00:00.000000Z' },
      });
    await expect(stage().run('--all --operator-namespace=research --leader-election-id=monitors')).rejects.toThrow(
      'pod-b holds the Lease research/monitors',
    );
  });

  test('a Lease that may not be read counts as a running operator', async () => {
    stage().api.failNext(1, 403, (_, url) => url.includes('/leases/'));
    await expect(stage().run('--all --yes')).rejects.toThrow(/^whether an operator is running cannot be told: .* 403 /);
    expect(await stage().holders()).toEqual([`production: ${finalizer}`]);
  });
});
