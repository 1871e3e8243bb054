import { beforeEach, describe, expect, it } from 'vitest';
import type { Taking } from '#src/reconcile/taking.ts';
import { createTaking } from '#src/reconcile/taking.ts';

const place = { accountID: '111122223333', region: 'us-east-1', partition: 'aws' };
const elsewhere = { ...place, region: 'eu-west-1' };
const alarm = { kind: 'MetricAlarm', name: 'pager' } as const;
const dashboard = { kind: 'Dashboard', name: 'pager' } as const;

describe('taking a name in AWS', () => {
  let taking: Taking;
  beforeEach(() => {
    taking = createTaking();
  });

  it('lets one have it until half a minute after AWS answered, however long that takes', () => {
    expect(taking.take('a', place, alarm, 0)).toBe(true);
    expect(taking.take('b', place, alarm, 600_000)).toBe(false);
    taking.took('a', place, alarm, 600_000);
    expect(taking.take('b', place, alarm, 629_999)).toBe(false);
    expect(taking.take('a', place, alarm, 629_999)).toBe(true);
    taking.took('a', place, alarm, 629_999);
    expect(taking.take('b', place, alarm, 659_999)).toBe(true);
  });

  it('tells kinds, accounts and Regions apart, but for dashboards, which have one name space an account', () => {
    for (const ref of [alarm, dashboard]) expect(taking.take('a', place, ref, 0)).toBe(true);
    expect(taking.take('b', elsewhere, alarm, 0)).toBe(true);
    expect(taking.take('b', elsewhere, dashboard, 0)).toBe(false);
    expect(taking.take('b', { ...elsewhere, accountID: '444455556666' }, dashboard, 0)).toBe(true);
  });

  it('a role is of all Regions, too', () => {
    const role = { kind: 'LoggingRole', name: 'BedrockLogs' } as const;
    taking.take('a', place, role, 0);
    expect(taking.take('b', { ...place, region: 'eu-west-1' }, role, 0)).toBe(false);
  });

  it('forgets a monitor that is gone', () => {
    taking.take('a', place, alarm, 0);
    taking.forget('a');
    expect(taking.take('b', place, alarm, 0)).toBe(true);
  });
});
