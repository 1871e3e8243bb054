import { describe, expect, it } from 'vitest';
import type { Json } from '#src/domain/json.ts';
import { planNews } from '#src/domain/news.ts';
import { digestOf, previewOf } from '#src/domain/preview.ts';
import type { Result, Would } from '#src/domain/result.ts';
import { shownValue } from '#src/domain/shown-value.ts';

const of = { uid: 'u', generation: 1, lastApplied: undefined };

function would(
  action: Would,
  name: string,
  ...changes: readonly [string, Json | undefined, Json | undefined][]
): Result {
  return {
    ref: { kind: 'MetricAlarm', name },
    part: 'Alarms',
    path: `alarms/${name}`,
    state: 'Differs',
    would: action,
    changes: changes.map(([path, from, to]) => ({ path, from, to })),
  };
}
const rest: Result = {
  ref: { kind: 'MetricAlarm', name: 'rest' },
  part: 'Alarms',
  path: 'alarms/rest',
  state: 'InSync',
};

describe('a plan', () => {
  it('shows what loses data first, and calls it so', () => {
    const many = [1, 2, 3, 4, 5].map((index) => ({ path: `f${index}`, from: 1, to: 2 }));
    const lossy = { path: 'retentionInDays', from: 90, to: 7, losesData: true } as const;
    const { status } = previewOf([{ ...would('Update', 'g'), changes: [...many, lossy] }], of);
    expect(status.changes?.[0]?.fields).toHaveLength(5);
    expect(status.changes?.[0]?.fields?.[0]).toEqual({ path: 'retentionInDays', from: '90', to: '7', losesData: true });
    const [planned] = planNews(undefined, status);
    expect(planned?.note).toMatch(/; data is lost of MetricAlarm g$/);
  });

  it('is empty where nothing would be done', () => {
    expect(previewOf([rest], of)).toEqual({
      hash: undefined,
      digests: new Set(),
      status: { create: 0, update: 0, delete: 0 },
    });
  });

  it('counts, and shows fields with from and to', () => {
    const all: readonly Would[] = ['Create', 'Update', 'Adopt', 'Delete', 'Restore', 'Disable', 'Release'];
    const { status, hash } = previewOf(
      [rest, ...all.map((action) => would(action, action, ['threshold', 1, 2], ['tags', undefined, { a: 'b' }]))],
      of,
    );
    expect(status).toMatchObject({ hash, create: 1, update: 2, delete: 4 });
    expect(status.changes).toHaveLength(7);
    expect(status.changes?.[0]).toEqual({
      action: 'Create',
      kind: 'MetricAlarm',
      name: 'Create',
      fields: [
        { path: 'threshold', from: '1', to: '2' },
        { path: 'tags', to: '{"a":"b"}' },
      ],
    });
  });

  it('is bounded in changes and fields, and says how many are left out; the hash covers them', () => {
    const many = (last: number) =>
      Array.from({ length: 60 }, (_, index) =>
        would(
          'Update',
          `a${index}`,
          ...Array.from({ length: 8 }, (__, at) => [`f${at}`, 0, last] as [string, number, number]),
        ),
      );
    const { status, hash } = previewOf(many(1), of);
    expect(status.changes).toHaveLength(50);
    expect(status.omitted).toBe(10);
    expect(status.update).toBe(60);
    expect(status.changes?.[0]?.fields).toHaveLength(5);
    const other = many(1);
    other[59] = would(
      'Update',
      'a59',
      ...Array.from({ length: 8 }, (_, at) => [`f${at}`, 0, at === 7 ? 2 : 1] as [string, number, number]),
    );
    expect(previewOf(other, of).hash).not.toBe(hash);
  });

  it('has the same hash in any order, and another for whatever differs', () => {
    const base = [would('Update', 'a', ['threshold', 1, 2]), would('Delete', 'b')];
    const hash = previewOf(base, of).hash;
    expect(previewOf([...base].reverse(), of).hash).toBe(hash);
    expect(previewOf([...base, rest], of).hash).toBe(hash);
    const others = [
      previewOf(base, { ...of, uid: 'v' }),
      previewOf(base, { ...of, generation: 2 }),
      previewOf(base, { ...of, lastApplied: 'x' }),
      previewOf([would('Update', 'a', ['threshold', 1, 3]), would('Delete', 'b')], of),
      previewOf([would('Update', 'a', ['threshold', 0, 2]), would('Delete', 'b')], of),
      previewOf([would('Adopt', 'a', ['threshold', 1, 2]), would('Delete', 'b')], of),
      previewOf([would('Update', 'a', ['threshold', 1, 2])], of),
      previewOf([{ ...would('Update', 'a', ['threshold', 1, 2]), content: 'c' }, would('Delete', 'b')], of),
    ].map((one) => one.hash);
    expect(new Set([hash, ...others]).size).toBe(others.length + 1);
  });

  it('tells long values apart that it does not show', () => {
    const long = (end: string) => would('Update', 'a', ['body', 'x'.repeat(500), `${'y'.repeat(500)}${end}`]);
    expect(digestOf(long('a'))).not.toBe(digestOf(long('b')));
    const [field] = previewOf([long('a')], of).status.changes?.[0]?.fields ?? [];
    expect(field?.to).toMatch(/^sha256:[0-9a-f]{16} \(503 characters\)$/);
    expect(field?.to).not.toBe(previewOf([long('b')], of).status.changes?.[0]?.fields?.[0]?.to);
  });
});

describe('a value as it is shown', () => {
  it.each<[Json | undefined, string | undefined]>([
    [undefined, undefined],
    [null, 'null'],
    [0, '0'],
    ['a', '"a"'],
    [{ a: [1] }, '{"a":[1]}'],
    ['x'.repeat(126), `"${'x'.repeat(126)}"`],
  ])('%j is %s', (value, expected) => {
    expect(shownValue(value)).toBe(expected);
  });

  it('is never longer than its bound, however long it is', () => {
    for (const length of [127, 128, 5_000, 1_000_000]) expect(shownValue('x'.repeat(length))?.length).toBeLessThan(128);
  });
});
