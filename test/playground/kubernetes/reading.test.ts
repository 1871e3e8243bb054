import { describe, expect, it } from 'vitest';
import { ageOf, humanDuration } from '#src/playground/kubernetes/ages.ts';
import { jsonPathProblem, readJsonPath } from '#src/playground/kubernetes/json-path.ts';
import { parseBody } from '#src/playground/kubernetes/request-body.ts';
import { parseResourcePath } from '#src/playground/kubernetes/request-path.ts';

describe('bodies', () => {
  const read = (text: string): readonly string[] => parseBody(text, 'application/json', 'Thing').duplicates;

  it('names every member that is written twice, and nothing that only looks so', () => {
    expect(read('{"a":{"b":1,"b":2},"c":[{"d":1,"d":2},{"d":3}],"a":3}')).toEqual(['a.b', 'c[0].d', 'a']);
    expect(read('{"a":"b","b":{"a":"a\\",\\"a"},"c":[],"d":{}}')).toEqual([]);
  });

  it('reads YAML only where the media type says so', () => {
    expect(parseBody('a: [1, 2]', 'application/apply-patch+yaml', 'Thing').value).toEqual({ a: [1, 2] });
    expect(() => parseBody('a: 1', 'application/json', 'Thing')).toThrow(
      /^the object provided is unrecognized \(must be of type Thing\): couldn't get version\/kind/,
    );
  });
});

describe('paths of requests', () => {
  it.each([
    ['/api/v1/namespaces', { group: '', plural: 'namespaces', name: undefined }],
    ['/api/v1/namespaces/a', { plural: 'namespaces', name: 'a', namespace: undefined }],
    ['/api/v1/namespaces/a/status', { plural: 'namespaces', name: 'a', subresource: 'status' }],
    ['/api/v1/namespaces/a/secrets', { plural: 'secrets', namespace: 'a', name: undefined }],
    [
      '/apis/x.test/v1/namespaces/a/ws/b/status',
      { group: 'x.test', plural: 'ws', namespace: 'a', name: 'b', subresource: 'status' },
    ],
    ['/apis/x.test/v1/ws', { group: 'x.test', version: 'v1', plural: 'ws', namespace: undefined }],
  ])('takes %s apart', (path, parts) => {
    expect(parseResourcePath(path)).toMatchObject(parts);
  });

  it.each(['/apis/x.test/v1', '/api/v1', '/healthz', '/openapi/v3/api/v1'])('finds no resource in %s', (path) => {
    expect(parseResourcePath(path)).toBeUndefined();
  });
});

describe('JSONPath', () => {
  const object = {
    metadata: { annotations: { 'a.b/c': 'dotted' } },
    list: [
      { type: 'A', on: true, n: 1 },
      { type: 'B', on: false, n: 2 },
    ],
  };
  it.each([
    ['.list[?(@.type=="B")].n', [2]],
    ['.list[?(@.on==true)].type', ['A']],
    ['.list[?(@.n>1)].type', ['B']],
    ['.list[*].type', ['A', 'B']],
    ['.list[-1].type', ['B']],
    ['{.list[0].n}', [1]],
    [".metadata.annotations['a.b/c']", ['dotted']],
    ['.metadata.annotations.a\\.b/c', ['dotted']],
    ['.none.such', []],
  ])('reads %s', (path, found) => {
    expect(readJsonPath(object, path)).toEqual(found);
  });

  it('says what it cannot read', () => {
    expect(jsonPathProblem('.list[')).toBe('cannot read "[" in JSONPath ".list["');
    expect(jsonPathProblem('.list[0]')).toBeUndefined();
  });
});

describe('ages', () => {
  it.each([
    [0, '0s'],
    [119, '119s'],
    [125, '2m5s'],
    [600, '10m'],
    [3 * 3600, '3h'],
    [3 * 3600 + 300, '3h5m'],
    [9 * 3600, '9h'],
    [50 * 3600, '2d2h'],
    [20 * 86_400, '20d'],
    [3 * 365 * 86_400, '3y'],
    [-5, '<invalid>'],
  ])('prints %i seconds', (seconds, text) => {
    expect(humanDuration(seconds * 1000)).toBe(text);
  });

  it('does not know the age of nothing', () => {
    expect(ageOf('', 0)).toBe('<unknown>');
  });
});
