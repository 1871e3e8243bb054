import { expect, test } from 'vitest';
import { inRemovalOrder } from '#src/domain/removal-order.ts';
import type { Kind } from '#src/domain/resource.ts';

test('what rests on another goes before it', () => {
  const kinds: readonly Kind[] = [
    'LogGroup',
    'AnomalyDetector',
    'MetricAlarm',
    'CompositeAlarm',
    'Dashboard',
    'LogAlarm',
    'AlarmMuteRule',
    'MetricFilter',
  ];
  const groups = inRemovalOrder(kinds.map((kind, index) => ({ kind, name: `${index}` })));
  expect(groups.map((group) => group.map(({ kind }) => kind))).toEqual([
    ['AlarmMuteRule', 'CompositeAlarm'],
    ['MetricAlarm', 'Dashboard', 'LogAlarm', 'MetricFilter'],
    ['AnomalyDetector'],
    ['LogGroup'],
  ]);
  expect(inRemovalOrder([])).toEqual([]);
});
