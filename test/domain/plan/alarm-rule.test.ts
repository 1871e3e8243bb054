import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlarmReference, AlarmRule, RuleState } from '#src/domain/plan/alarm-rule.ts';
import { alarmsOf, elementsOf, FALSE, joined, printAlarmRule, TRUE } from '#src/domain/plan/alarm-rule.ts';
import { parseAlarmRule, sameAlarmRule } from '#src/domain/plan/alarm-rule-text.ts';
import { readAlarmRule } from '#src/playground/aws/alarm-rule.ts';

function parsed(text: string): AlarmRule {
  const rule = parseAlarmRule(text);
  if ('wrong' in rule) throw new Error(rule.wrong);
  return rule;
}

describe('a rule', () => {
  test.each([
    ['ALARM(a)', 'ALARM("a")'],
    ['  OK( "a b" )  ', 'OK("a b")'],
    [
      'INSUFFICIENT_DATA(arn:aws:cloudwatch:us-east-1:1:alarm:a:b)',
      'INSUFFICIENT_DATA("arn:aws:cloudwatch:us-east-1:1:alarm:a:b")',
    ],
    ['ALARM(a) OR ALARM(b) AND OK(c)', 'ALARM("a") OR (ALARM("b") AND OK("c"))'],
    ['(ALARM(a) OR ALARM(b)) AND OK(c)', '(ALARM("a") OR ALARM("b")) AND OK("c")'],
    ['((ALARM(a)) AND ((ALARM(b) AND OK(c))))', 'ALARM("a") AND ALARM("b") AND OK("c")'],
    ['NOT ALARM(a) AND NOT (ALARM(b) OR TRUE)', 'NOT ALARM("a") AND NOT (ALARM("b") OR TRUE)'],
    ['NOT NOT FALSE', 'NOT NOT FALSE'],
    ['AT_LEAST(2,ALARM,(a,"b c"))', 'AT_LEAST(2, ALARM, ("a", "b c"))'],
    ['AT_LEAST(50%, NOT OK, (a))', 'AT_LEAST(50%, NOT OK, ("a"))'],
    [String.raw`ALARM("say \"a\\b\"")`, String.raw`ALARM("say \"a\\b\"")`],
    ['ALARM(a)OR(OK(b))', 'ALARM("a") OR OK("b")'],
  ])('%s is written %s', (text, written) => {
    expect(printAlarmRule(parsed(text))).toBe(written);
    expect(sameAlarmRule(text, written)).toBe(true);
  });

  test.each([
    ['', 'NOT or ( is expected at the end'],
    ['()', 'is expected instead of )'],
    ['ALARM()', 'the name of an alarm is expected instead of )'],
    ['ALARM("")', 'the name of an alarm is expected'],
    ['ALARM(a', ') is expected at the end'],
    ['ALARM(a b)', ') is expected instead of b'],
    ['ALARM(a) ALARM(b)', 'AND, OR or the end is expected instead of ALARM'],
    ['ALARM(a) AND', 'is expected at the end'],
    ['alarm(a)', 'is expected instead of alarm'],
    ['ALARM("a', 'a closing quotation mark is missing after "a'],
    ['AT_LEAST(0, ALARM, (a))', 'a number, or a percentage such as 50%, is expected instead of 0'],
    ['AT_LEAST(101%, ALARM, (a))', 'a number, or a percentage such as 50%, is expected instead of 101%'],
    ['AT_LEAST(1, FIRING, (a))', 'ALARM, OK or INSUFFICIENT_DATA is expected instead of FIRING'],
    ['AT_LEAST(1, ALARM, ())', 'the name of an alarm is expected'],
  ])('%s is none: %s', (text, why) => {
    expect(parseAlarmRule(text)).toEqual({ wrong: expect.stringContaining(why) });
  });

  test('another order is another rule, and a text that is none is equal to itself alone', () => {
    expect(sameAlarmRule('ALARM(a) OR ALARM(b)', 'ALARM(b) OR ALARM(a)')).toBe(false);
    expect(sameAlarmRule('ALARM(a', 'ALARM(a')).toBe(true);
    expect(sameAlarmRule('ALARM(a', 'ALARM( a')).toBe(false);
  });

  test('joins of nothing are constants, and joins of one are that one', () => {
    expect([joined('or', []), joined('and', [])].map(printAlarmRule)).toEqual(['FALSE', 'TRUE']);
    expect(joined('or', [parsed('OK(a)')])).toEqual(parsed('OK(a)'));
    expect(printAlarmRule(joined('or', [FALSE, parsed('OK(a)'), TRUE]))).toBe('OK("a") OR TRUE');
  });

  test('elements are alarms, constants and parentheses', () => {
    expect(elementsOf(parsed('(ALARM(a) OR TRUE) AND OK(")")'))).toBe(1 + 1 + 1 + 2 + 2 + 2);
    expect(alarmsOf(parsed('ALARM(a) OR AT_LEAST(1, OK, (b, "a"))')).map(({ text }) => text)).toEqual(['a', 'b', 'a']);
  });
});

describe('every rule', () => {
  const states: readonly RuleState[] = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];
  const state = fc.constantFrom(...states);
  const reference: fc.Arbitrary<AlarmReference> = fc
    .constantFrom('a', 'b', 'c/d e', 'with "quotes"', '(', 'x,y', '\\')
    .map((text) => ({ text, quoted: true }));
  const { rule } = fc.letrec<{ rule: AlarmRule }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 4 },
      fc.record({ is: fc.constant('state' as const), state, alarm: reference }),
      fc.tuple(fc.array(reference, { minLength: 1, maxLength: 4 }), fc.nat(), fc.boolean(), fc.boolean(), state).map(
        ([alarms, n, percent, not, wanted]): AlarmRule => ({
          is: 'atLeast',
          count: percent ? 1 + (n % 100) : 1 + (n % alarms.length),
          percent,
          not,
          state: wanted,
          alarms,
        }),
      ),
      fc.record({ is: fc.constant('not' as const), rule: tie('rule') }),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('rule'), { maxLength: 3 }))
        .map(([is, rules]) => joined(is, rules)),
    ),
  }));

  /** What a rule says, by its own structure. */
  function holds(one: AlarmRule, of: (alarm: string) => RuleState): boolean {
    switch (one.is) {
      case 'state':
        return of(one.alarm.text) === one.state;
      case 'not':
        return !holds(one.rule, of);
      case 'and':
        return one.rules.every((inner) => holds(inner, of));
      case 'or':
        return one.rules.some((inner) => holds(inner, of));
      case 'atLeast': {
        const found = one.alarms.filter(({ text }) => (of(text) === one.state) !== one.not).length;
        return found >= (one.percent ? (one.count / 100) * one.alarms.length : one.count);
      }
    }
  }

  test('reads back as it was written', () => {
    fc.assert(
      fc.property(rule, (one) => {
        expect(printAlarmRule(parsed(printAlarmRule(one)))).toBe(printAlarmRule(one));
      }),
      { seed: 20_300, numRuns: 500 },
    );
  });

  test('is taken by CloudWatch, says the same there, and has as many elements', () => {
    fc.assert(
      fc.property(rule, fc.array(state, { minLength: 7, maxLength: 7 }), (one, drawn) => {
        const known = new Map(
          ['a', 'b', 'c/d e', 'with "quotes"', '(', 'x,y', '\\'].map((name, i) => [name, drawn[i]]),
        );
        const of = (name: string): RuleState => known.get(name) ?? 'OK';
        const read = readAlarmRule(printAlarmRule(one));
        expect(read.holds(of)).toBe(holds(one, of));
        expect(read.elements).toBe(elementsOf(one));
      }),
      { seed: 20_301, numRuns: 500 },
    );
  });
});
