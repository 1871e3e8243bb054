import { describe, expect, it } from 'vitest';
import type { BedrockMonitor, BedrockMonitorSpec, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { InventoryEntry } from '#src/domain/inventory.ts';
import type { Mode } from '#src/domain/mode.ts';
import { onDelete } from '#src/domain/on-delete.ts';
import type { Feature } from '#src/domain/plan/types.ts';

type Logging = BedrockMonitorStatus['invocationLogging'];
type Policy = NonNullable<BedrockMonitorSpec['deletionPolicy']>;

const inventory: readonly InventoryEntry[] = [
  { kind: 'LogGroup', name: '/g' },
  { kind: 'DataProtectionPolicy', name: '/g' },
  { kind: 'MetricAlarm', name: 'a' },
  { kind: 'Dashboard', name: 'd' },
  { kind: 'QueryDefinition', name: 'q', id: '1' },
];
const ours: NonNullable<Logging> = {
  state: 'Enabled',
  logGroupName: '/g',
  claimedBy: 'genai/production',
  saved: 'none',
};
const none: ReadonlySet<Feature> = new Set();
const to = (logGroupName: string) => JSON.stringify({ cloudWatchConfig: { logGroupName } });

function monitor(deletionPolicy: Policy, more: Partial<BedrockMonitorSpec> = {}): BedrockMonitor {
  return {
    apiVersion: 'bedrockmonitor.io/v1alpha1',
    kind: 'BedrockMonitor',
    metadata: {
      namespace: 'genai',
      name: 'production',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { region: 'us-east-1', deletionPolicy, ...more },
  };
}

describe('what deleting would do', () => {
  it.each<[string, Policy, boolean, readonly Feature[], boolean]>([
    ['goes with logging', {}, false, ['LoggingRole'], true],
    ['stays with logging', { invocationLogging: 'Retain' }, false, ['LoggingRole'], false],
    ['stays with logging that others changed', {}, true, ['LoggingRole'], false],
    ['stays where the platform has switched that off', {}, false, ['LoggingBucket'], false],
  ])('a role that was made %s; a bucket stays', (_, policy, changed, on, goes) => {
    const made = [
      { kind: 'LoggingRole', name: 'r' },
      { kind: 'LoggingBucket', name: 'b' },
    ];
    expect(onDelete(monitor(policy), 'Enforce', made, ours, new Set(on), changed)).toMatchObject({
      deletes: goes ? 1 : 0,
      retains: goes ? ['LoggingBucket/b'] : ['LoggingRole/r', 'LoggingBucket/b'],
    });
  });

  it.each<[string, Policy, Mode, Logging, string, string | undefined]>([
    ['nothing written', {}, 'Enforce', ours, 'LG DPP', 'Disable'],
    ['Retain by default', { default: 'Retain' }, 'Enforce', ours, 'LG DPP MA D QD', 'Disable'],
    ['Retain of one part', { dashboards: 'Retain' }, 'Enforce', ours, 'LG DPP D', 'Disable'],
    ['the group goes, and its masking', { logGroup: 'Delete' }, 'Enforce', ours, '', 'Disable'],
    ['only masking goes', { dataProtection: 'Delete' }, 'Enforce', ours, 'LG', 'Disable'],
    [
      'the group goes, and masking with it, whatever is written',
      { logGroup: 'Delete', dataProtection: 'Retain' },
      'Enforce',
      ours,
      '',
      'Disable',
    ],
    [
      'logging stays on, and so do its logs',
      { logGroup: 'Delete', invocationLogging: 'Retain' },
      'Enforce',
      ours,
      'LG DPP',
      'Retain',
    ],
    ['what was there is put back', {}, 'Enforce', { ...ours, saved: to('/theirs') }, 'LG DPP', 'Restore'],
    ['put back, to another group', { logGroup: 'Delete' }, 'Enforce', { ...ours, saved: to('/theirs') }, '', 'Restore'],
    ['put back, to our group', { logGroup: 'Delete' }, 'Enforce', { ...ours, saved: to('/g') }, 'LG DPP', 'Restore'],
    [
      'what was there is not known',
      { logGroup: 'Delete' },
      'Enforce',
      { ...ours, saved: 'unknown' },
      'LG DPP',
      'Retain',
    ],
    [
      'Disable, whatever was there',
      { invocationLogging: 'Disable' },
      'Enforce',
      { ...ours, saved: to('/g') },
      'LG DPP',
      'Disable',
    ],
    ['another monitor’s logging', {}, 'Enforce', { claimedBy: 'platform/logging' }, 'LG DPP', undefined],
    [
      'others deliver to our group',
      { logGroup: 'Delete' },
      'Enforce',
      { ...ours, state: 'Foreign' },
      'LG DPP',
      undefined,
    ],
    [
      'logging is off',
      { logGroup: 'Delete' },
      'Enforce',
      { state: 'Disabled', claimedBy: 'genai/production' },
      '',
      undefined,
    ],
    ['no logging', {}, 'Enforce', undefined, 'LG DPP', undefined],
    ['mode Plan', { logGroup: 'Delete' }, 'Plan', ours, 'LG DPP MA D QD', 'Retain'],
    ['mode Observe', {}, 'Observe', ours, 'LG DPP MA D QD', 'Retain'],
    ['a pause', {}, 'Suspended', ours, 'LG DPP MA D QD', 'Retain'],
  ])('%s', (_, policy, mode, logging, stays, farewell) => {
    const told = onDelete(monitor(policy), mode, inventory, logging, none);
    const kinds = (told.retains ?? []).map((name) => name.slice(0, name.indexOf('/')).replaceAll(/[a-z]/g, ''));
    expect(kinds.join(' ')).toBe(stays);
    expect(told.deletes).toBe(inventory.length - kinds.length);
    expect(told.invocationLogging).toBe(farewell);
  });

  it('leaves what a newer release made, and a group that is only used with its masking', () => {
    const unmanaged = monitor(
      { logGroup: 'Delete' },
      {
        invocationLogging: {
          dataTypes: ['Text'],
          cloudWatchLogs: { logGroup: { name: '/g', management: 'Unmanaged' }, role: { arn: 'r' } },
        },
      },
    );
    const told = onDelete(unmanaged, 'Enforce', [{ kind: 'MuteRule', name: 'm' }, ...inventory], ours, none);
    expect(told.retains).toEqual(['MuteRule/m', 'LogGroup//g', 'DataProtectionPolicy//g']);
  });

  it('is bounded, and says how many more stay', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ kind: 'MetricAlarm', name: `a${index}` }));
    const told = onDelete(monitor({ default: 'Retain' }), 'Enforce', many, undefined, none);
    expect(told.retains).toHaveLength(20);
    expect(told).toMatchObject({ deletes: 0, retainsOmitted: 5 });
  });
});
