import { describe, expect, test } from 'vitest';
import { parseFilterPattern } from '#src/playground/aws/filter-pattern.ts';

const record = JSON.stringify({
  modelId: 'amazon.nova-pro-v1:0',
  requestMetadata: { team: 'search', 'cost-centre': '42' },
  input: { inputBodyJson: { errorCode: 'spoofed' }, inputTokenCount: 120 },
  tags: ['a', 'b'],
  nothing: null,
  flag: true,
});

const firstLine = 'Permissions are correctly set for Amazon Bedrock logs.';

describe('filter patterns of CloudWatch Logs', () => {
  test.each<[string, boolean]>([
    ['', true],
    ['{ $.requestMetadata.team = "search" }', true],
    ['{ $.requestMetadata.team = search }', true],
    ['{ $.requestMetadata.team = "sea" }', false],
    ['{ $.requestMetadata.team = "sea*" }', true],
    ['{ $.requestMetadata.team = "*arc*" }', true],
    ['{ $.requestMetadata.team = "se*ch" }', false],
    ['{ $.requestMetadata.cost-centre = 42 }', true],
    ['{ $.modelId = %nova-(pro|lite)% }', true],
    ['{ $.modelId = * && $.flag IS TRUE }', true],
    ['{ $.input.inputTokenCount >= 120 && $.input.inputTokenCount < 1e3 }', true],
    ['{ $.input.inputTokenCount > 120 }', false],
    ['{ $.input.inputTokenCount != 120 || $.tags[1] = "b" }', true],
    ['{ $.tags[*] = "a" }', true],
    ['{ ($.tags[0] = "x" || $.tags[1] = "b") && $.nothing IS NULL }', true],
    ['{ $.tags[0] = "x" || $.tags[1] = "b" && $.flag IS FALSE }', false],
    ['{ $.errorCode NOT EXISTS }', true],
    ['{ $.errorCode = "*" }', false],
    // What points to an object, an array or nothing is compared with nothing.
    ['{ $.tags != "a" }', false],
    ['{ $.input != "a" }', false],
    ['{ $.missing != "a" }', false],
    ['search', true],
    ['search absent', false],
    ['search -absent', true],
    ['?absent ?search', true],
    ['?search absent', false],
    ['"nova-pro"', true],
    ['%nova-(pro|lite)%', true],
  ])('%s', (pattern, matches) => {
    expect(parseFilterPattern(pattern).matches(record)).toBe(matches);
  });

  test('a line that is not JSON has no fields, whatever is asked of it', () => {
    for (const pattern of ['{ $.errorCode NOT EXISTS }', '{ $.errorCode = "*" }', '{ $.a != 1 }']) {
      expect(parseFilterPattern(pattern).matches(firstLine)).toBe(false);
    }
    expect(parseFilterPattern('Permissions').matches(firstLine)).toBe(true);
  });

  test.each([
    ['{ $.a = "x"', 'expected }'],
    ['{ $.a == "x" }', 'no value'],
    ['{ $.a EXISTS }', 'no operator'],
    ['{ $.a > "x" }', 'numbers only'],
    ['{ $.a = x@y }', 'double quotes'],
    ['{ a = 1 }', 'no property selector'],
    ['{ $.a[*].b[*] = 1 }', 'wildcard'],
    ['{ $.a IS EMPTY }', 'NULL, TRUE or FALSE'],
    ['{ $.a = 1 } more', 'after the closing brace'],
    ['{ $.a = %x% || $.b = %y% || $.c = %z% }', 'regular expressions'],
    ['a@b', 'double quotes'],
    [`{ $.a = "${'x'.repeat(1024)}" }`, '1024 characters'],
  ])('%s is refused', (pattern, message) => {
    expect(() => parseFilterPattern(pattern)).toThrow(message);
  });
});
