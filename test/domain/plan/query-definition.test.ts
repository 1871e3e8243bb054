import { describe, expect, test } from 'vitest';
import type { SavedQueryEntry } from '#src/api/v1alpha1.ts';
import { planQueries } from '#src/domain/plan/query-definition.ts';
import { queryPresets } from '#src/domain/plan/query-presets.ts';
import { facts, logging, planned, remarks, spec } from './given.ts';

const raw = { name: 'mine', queryString: 'fields @message | limit 5' };

describe('saved queries', () => {
  test('a raw query is saved as written, over the monitor’s own group', () => {
    expect(planQueries(spec({ invocationLogging: logging, savedQueries: [raw] }), facts()).resources).toEqual([
      {
        resource: {
          kind: 'QueryDefinition',
          name: 'bedrockmonitor/test/genai/production/mine',
          queryString: 'fields @message | limit 5',
          queryLanguage: 'CWLI',
          logGroupNames: ['/aws/bedrock/production'],
        },
        part: 'Queries',
        path: 'savedQueries/mine',
        after: [],
      },
    ]);
  });

  test.each<[string, Partial<SavedQueryEntry>, string[]]>([
    ['the groups that the entry names, sorted', { logGroupNames: ['/b', '/a'] }, ['/a', '/b']],
    ['none for SQL, which names them in the query', { queryLanguage: 'SQL' }, []],
    ['the own group for PPL', { queryLanguage: 'PPL' }, ['/aws/bedrock/production']],
  ])('log groups: %s', (_, members, expected) => {
    const given = spec({ invocationLogging: logging, savedQueries: [{ ...raw, ...members }] });
    expect(planned('QueryDefinition', planQueries(given, facts()))[0]?.logGroupNames).toEqual(expected);
  });

  test('parameters as declared, sorted; none where none are declared', () => {
    const parameters = [{ name: 'team', defaultValue: 'search', description: 'Whose' }, { name: 'days' }];
    const queries = [
      { ...raw, parameters },
      { ...raw, name: 'plain' },
    ];
    const given = spec({ invocationLogging: logging, savedQueries: queries });
    expect(planned('QueryDefinition', planQueries(given, facts())).map((one) => one.parameters)).toEqual([
      [{ name: 'days' }, { name: 'team', defaultValue: 'search', description: 'Whose' }],
      undefined,
    ]);
  });

  test('awsName is taken exactly', () => {
    const given = spec({ invocationLogging: logging, savedQueries: [{ ...raw, awsName: 'team/mine' }] });
    expect(planned('QueryDefinition', planQueries(given, facts()))[0]?.name).toBe('team/mine');
  });
});

describe('without a group of its own', () => {
  const given = spec({ savedQueries: [raw, { ...raw, name: 'other', logGroupNames: ['/x'] }] });
  const names = (deliveredLogGroup: Parameters<typeof facts>[0] & object): unknown => {
    const plan = planQueries(given, facts(deliveredLogGroup));
    return [planned('QueryDefinition', plan).map(({ logGroupNames }) => logGroupNames), remarks(plan), plan.keep];
  };

  test('the one that Bedrock delivers to', () => {
    expect(names({ deliveredLogGroup: { known: '/shared' } })).toEqual([[['/shared'], ['/x']], [], []]);
  });

  test('none known: a person must act, and the others go on', () => {
    expect(names({ deliveredLogGroup: { known: undefined } })).toEqual([
      [['/x']],
      ['LogGroupUnknown savedQueries/mine'],
      ['Queries'],
    ]);
  });

  test('unread: wait, and prune nothing', () => {
    expect(names({ deliveredLogGroup: { unknown: 'AccessDenied' } })).toEqual([
      [['/x']],
      ['DependencyNotReady savedQueries/mine'],
      ['Queries'],
    ]);
  });
});

describe('presets', () => {
  test.each(Object.entries(queryPresets))('%s skips the line that is not JSON', (_, query) => {
    expect(query.split('\n')[0]).toMatch(/^filter @message like \/"schemaType":\\s\*"ModelInvocationLog"\//);
  });

  test('LatestInvocations is the latest 100, PromptPatterns uses pattern', () => {
    expect(queryPresets.LatestInvocations).toMatch(/sort @timestamp desc\n\| limit 100\n/);
    expect(queryPresets.PromptPatterns).toMatch(/\n\| pattern prompt\n/);
  });

  test('TokensByModel groups by the model’s ID, however it was logged', () => {
    const [, pattern = ''] = /parse @message \/(.*<model>.*)\/\n/.exec(queryPresets.TokensByModel) ?? [];
    const id = (modelId: string): string | undefined =>
      new RegExp(pattern).exec(JSON.stringify({ modelId, input: { inputBodyJson: { modelId: 'other' } } }))?.groups?.[
        'model'
      ];
    expect(id('amazon.nova-pro-v1:0')).toBe('amazon.nova-pro-v1:0');
    expect(id('us.anthropic.claude-sonnet-4-20250514-v1:0')).toBe('us.anthropic.claude-sonnet-4-20250514-v1:0');
    expect(id('arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0')).toBe(
      'us.amazon.nova-lite-v1:0',
    );
    expect(queryPresets.TokensByModel).toMatch(/\n\| stats .* by model\n/);
  });

  test('they leave room for the mark within AWS’s 10,000 characters', () => {
    for (const query of Object.values(queryPresets)) expect(query.length).toBeLessThan(9700);
  });

  test('a preset of a newer release is left alone', () => {
    const newer: SavedQueryEntry[] = JSON.parse('[{"name": "next", "preset": "NextRelease"}]');
    const plan = planQueries(spec({ invocationLogging: logging, savedQueries: newer }), facts());
    expect(remarks(plan)).toEqual(['UnsupportedField savedQueries/next']);
    expect(plan.keep).toEqual(['Queries']);
  });
});
