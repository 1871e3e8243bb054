import { assert, constantFrom, dictionary, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markDescription, markOfTags, markQuery, readDescription, readQuery, tagsHash } from '#src/aws/marks.ts';
import { ownerMark } from '#src/domain/owner.ts';
import { ownerTags } from '#src/domain/plan/tags.ts';
import { owner } from './stage.ts';

describe('marks', () => {
  test('an alarm carries its mark in the last line of the description', () => {
    expect(markDescription('Too slow.\nRunbook: x', owner, { team: 'a' })).toBe(
      `Too slow.\nRunbook: x\nbedrockmonitor prod/genai/production ${tagsHash({ team: 'a' })}`,
    );
  });

  test('descriptions survive the mark, whatever people write', () => {
    assert(
      property(string({ unit: 'grapheme' }), dictionary(string(), string()), (text, tags) => {
        expect(readDescription(markDescription(text, owner, tags))).toEqual({
          text,
          mark: { state: 'Owned', by: ownerMark(owner) },
          tagsHash: tagsHash(tags),
        });
      }),
    );
  });

  test('queries survive the mark, in every language', () => {
    assert(
      property(string(), constantFrom('CWLI', 'SQL', 'PPL'), (text, language) => {
        expect(readQuery(markQuery(text, language, owner))).toEqual({
          text,
          mark: { state: 'Owned', by: ownerMark(owner) },
        });
      }),
    );
  });

  test.each([
    '',
    'bedrockmonitor prod/genai/production',
    'bedrockmonitor prod/genai/production 0123456g',
    'bedrockmonitor prod/genai 01234567',
    'bedrockmonitor prod/genai/production 01234567\nedited by hand',
    'see bedrockmonitor prod/genai/production 01234567',
  ])("a description is nobody's: %j", (description) => {
    expect(readDescription(description)).toEqual({ text: description, mark: { state: 'None' } });
  });

  test('a comment further down is no mark', () => {
    const query = 'fields @message\n# bedrockmonitor prod/genai/production';
    expect(readQuery(query)).toEqual({ text: query, mark: { state: 'None' } });
  });

  test('the order of tags does not count, their values do', () => {
    expect(tagsHash({ a: '1', b: '2' })).toBe(tagsHash({ b: '2', a: '1' }));
    expect(tagsHash({ a: '1' })).not.toBe(tagsHash({ a: '2' }));
  });

  test('tags are a mark only if both are there', () => {
    expect(markOfTags({ ...ownerTags(owner), team: 'x' })).toEqual({ state: 'Owned', by: ownerMark(owner) });
    expect(markOfTags({ 'bedrockmonitor.io/cluster': 'prod' })).toEqual({ state: 'None' });
  });
});
