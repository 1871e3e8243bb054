import { describe, expect, it } from 'vitest';
import type { InventoryEntry } from '#src/domain/inventory.ts';
import { isKnown, leftovers, merge, without } from '#src/domain/inventory.ts';
import type { Planned } from '#src/domain/plan.ts';
import type { ResourceRef } from '#src/domain/resource.ts';

const alarm = (name: string): ResourceRef => ({ kind: 'MetricAlarm', name });
const query = (name: string, id?: string): ResourceRef => ({ kind: 'QueryDefinition', name, ...(id && { id }) });
const newer: InventoryEntry = { kind: 'MuteRule', name: 'night' };

describe('the inventory', () => {
  it.each<[string, readonly InventoryEntry[], readonly ResourceRef[], readonly InventoryEntry[]]>([
    ['gains what it lacks, at the end', [alarm('b')], [alarm('a')], [alarm('b'), alarm('a')]],
    ['holds nothing twice', [alarm('a')], [alarm('a')], [alarm('a')]],
    ['keeps kinds apart', [alarm('a')], [query('a')], [alarm('a'), query('a')]],
    ['learns an ID', [query('a')], [query('a', '1')], [query('a', '1')]],
    ['takes the newer ID', [query('a', '1')], [query('a', '2')], [query('a', '2')]],
    ['forgets no ID', [query('a', '1')], [query('a')], [query('a', '1')]],
    ['keeps what a newer release wrote', [newer], [alarm('a')], [newer, alarm('a')]],
  ])('%s', (_, inventory, more, expected) => {
    expect(merge(inventory, more)).toEqual(expected);
  });

  it('drops exactly what is gone', () => {
    expect(without([alarm('a'), query('a'), newer], [alarm('a')])).toEqual([query('a'), newer]);
  });

  it('tells what the spec no longer names, and leaves alone the kinds that it does not know', () => {
    const planned: Planned = {
      resource: { kind: 'Dashboard', name: 'kept', body: {}, tags: {} },
      part: 'Dashboards',
      path: 'dashboards/kept',
      after: [],
    };
    const inventory = [{ kind: 'Dashboard', name: 'kept' }, { kind: 'Dashboard', name: 'left' }, newer];
    expect(leftovers(inventory, { resources: [planned], remarks: [], keep: [], models: [] })).toEqual([
      { kind: 'Dashboard', name: 'left' },
    ]);
    expect(isKnown(newer)).toBe(false);
    expect(isKnown({ kind: 'toString', name: 'x' })).toBe(false);
  });
});
