import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ERROR_RATE_INCLUDE, ERROR_RATE_MINIMUM, type ErrorKind, errorRate } from '#src/domain/plan/error-rate.ts';
import { evaluate, type Point, type Points } from './metric-math.ts';

/** What CloudWatch would compare with the threshold, from one period's sums by metric name. */
function rate(
  sums: Readonly<Record<string, number>>,
  {
    include = ERROR_RATE_INCLUDE,
    minimum = ERROR_RATE_MINIMUM,
  }: { include?: readonly ErrorKind[]; minimum?: number } = {},
): Point {
  const queries = errorRate(include, minimum, 300, undefined);
  const points: Points = Object.fromEntries(
    queries.flatMap(({ id, metric }) => (metric ? [[id, sums[metric.name]]] : [])),
  );
  const expressions = queries.filter(({ expression }) => expression !== undefined).reverse();
  const all = expressions.reduce<Points>(
    (known, { id, expression = '' }) => ({ ...known, [id]: evaluate(expression, known) }),
    points,
  );
  const returned = queries.filter(({ returnData }) => returnData).map(({ id }) => id);
  expect(returned).toEqual(['rate']);
  return all['rate'];
}

describe('ErrorRate, by hand', () => {
  test.each<[string, Parameters<typeof rate>[0], number]>([
    ['no traffic at all', {}, 0],
    ['traffic without errors', { Invocations: 1000 }, 0],
    ['5 of 100, failures not counted as invocations: 100·5/(95+5)', { Invocations: 95, InvocationServerErrors: 5 }, 5],
    [
      '5 of 100, failures counted: 100·5/(100+5), 0.24 points low',
      { Invocations: 100, InvocationServerErrors: 5 },
      500 / 105,
    ],
    ['throttles count as failures', { Invocations: 95, InvocationThrottles: 5 }, 5],
    ['both together', { Invocations: 90, InvocationThrottles: 5, InvocationServerErrors: 5 }, 10],
    ['client errors do not, unless asked for', { Invocations: 95, InvocationClientErrors: 5 }, 0],
    ['an outage, where nothing is invoked any more', { InvocationServerErrors: 40 }, 100],
    ['an outage, failures counted', { Invocations: 40, InvocationServerErrors: 40 }, 50],
    ['19 requests are too few', { Invocations: 10, InvocationServerErrors: 9 }, 0],
    ['20 requests are enough', { Invocations: 10, InvocationServerErrors: 10 }, 50],
  ])('%s', (_, sums, expected) => {
    expect(rate(sums)).toBeCloseTo(expected, 10);
  });

  test('include chooses what counts', () => {
    const sums = { Invocations: 70, InvocationClientErrors: 20, InvocationServerErrors: 5, InvocationThrottles: 5 };
    expect(rate(sums, { include: ['ClientErrors'] })).toBeCloseTo(2000 / 90, 10);
    expect(rate(sums, { include: ['ServerErrors', 'ClientErrors', 'Throttles'] })).toBeCloseTo(30, 10);
  });

  test('with minimumInvocations 0, silence is 0 and not a division by zero', () => {
    expect(rate({}, { minimum: 0 })).toBe(0);
    expect(rate({ InvocationThrottles: 1 }, { minimum: 0 })).toBe(100);
  });

  test('6 % fires above 5 either way of counting', () => {
    expect(rate({ Invocations: 94, InvocationServerErrors: 6 })).toBeGreaterThan(5);
    expect(rate({ Invocations: 100, InvocationServerErrors: 6 })).toBeGreaterThan(5);
  });
});

describe('ErrorRate, whichever way AWS counts', () => {
  const traffic = fc
    .record({ requests: fc.integer({ min: 20, max: 100_000 }), failed: fc.integer({ min: 0, max: 100_000 }) })
    .filter(({ requests, failed }) => failed <= requests);

  test('exact where failures are not invocations, r/(1+r) where they are: 4.76 for 5 %', () => {
    fc.assert(
      fc.property(traffic, ({ requests, failed }) => {
        const share = failed / requests;
        const apart = rate({ Invocations: requests - failed, InvocationServerErrors: failed });
        const within = rate({ Invocations: requests, InvocationServerErrors: failed });
        expect(apart).toBeCloseTo(100 * share, 8);
        expect(within).toBeCloseTo((100 * share) / (1 + share), 8);
      }),
      { seed: 20_264, numRuns: 200 },
    );
  });
});

test('order and repetition of include do not change the alarm', () => {
  expect(errorRate(['Throttles', 'ServerErrors', 'Throttles'], 20, 300, 'm')).toEqual(
    errorRate(['ServerErrors', 'Throttles'], 20, 300, 'm'),
  );
});

test('the evaluator knows metric math: precedence, missing points, division by zero', () => {
  expect(evaluate('1 + 2 * a', { a: 3 })).toBe(7);
  expect(evaluate('a + b', { a: 1, b: undefined })).toBeUndefined();
  expect(evaluate('a / b', { a: 1, b: 0 })).toBeUndefined();
  expect(evaluate('IF(a < 2, 10, FILL(b, 4))', { a: 2, b: undefined })).toBe(4);
  expect(() => evaluate('a + c', { a: 1 })).toThrow('the id c');
});
