import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ControlPlane } from './support/control-plane.ts';
import { type Installation, install, monitor } from './support/installation.ts';

describe('the operator, when the API server goes away and comes back', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await install();
    await installation.must(['apply', '-f', '-'], monitor('production', installation.account));
    await installation.wait('production', 'condition=Ready');
  });
  afterAll(() => installation?.stop());

  const outages: readonly (readonly [alarm: string, outage: (plane: ControlPlane) => Promise<void>])[] = [
    ['after-upgrade', (plane) => plane.restartApiServer()],
    [
      'after-crash',
      async (plane) => {
        await plane.kill('apiServer');
        await plane.start('apiServer');
      },
    ],
    [
      'after-silence',
      async (plane) => {
        await plane.pause('etcd');
        const signal = AbortSignal.timeout(3000);
        await plane.api.request('GET', '/api/v1/namespaces/default', { signal }).catch(() => undefined);
        plane.resume('etcd');
      },
    ],
  ];

  test.each(outages)('brings the alarm %s to AWS', async (name, outage) => {
    const { plane, account, must, wait, operator } = installation;
    await outage(plane);
    const alarms = JSON.parse(await must(['get', 'bedrockmonitor', 'production', '-o', 'jsonpath={.spec.alarms}']));
    const patch = { spec: { alarms: [...alarms, { name, preset: 'ServerErrors' }] } };
    await must(['patch', 'bedrockmonitor', 'production', '--type=merge', '-p', JSON.stringify(patch)]);
    const generation = await must(['get', 'bedrockmonitor', 'production', '-o', 'jsonpath={.metadata.generation}']);
    await wait('production', `jsonpath={.status.observedGeneration}=${generation}`);
    await wait('production', 'condition=Ready');
    const names = [...account.region('us-east-1').alarms.keys()];
    expect(names.filter((alarm) => alarm.endsWith(`/${name}`))).toHaveLength(1);
    expect(operator.running()).toBe(true);
  });

  test('wrote to AWS only what was declared', () => {
    const puts = installation.aws.writes().filter(({ operation }) => operation === 'PutMetricAlarm');
    expect(puts.map(({ input: { AlarmName } }) => JSON.stringify(AlarmName).split('/').at(-1))).toEqual([
      'throttling"',
      'log-delivery-failure"',
      ...outages.map(([name]) => `${name}"`),
    ]);
  });
});
