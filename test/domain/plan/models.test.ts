import { describe, expect, it } from 'vitest';
import { chooseModels } from '#src/domain/plan/models.ts';
import { facts, remarks } from './given.ts';

const inUse = facts({
  modelsInUse: { known: ['amazon.nova-pro-v1:0', 'anthropic.claude-a', 'us.anthropic.claude-a'] },
});

function chosen(models: readonly string[] | undefined, given = inUse) {
  return chooseModels(models, given, 'Alarms', 'alarms/latency');
}

describe('the models of an entry', () => {
  it.each<[string, readonly string[] | undefined, readonly string[] | undefined]>([
    ['none named', undefined, undefined],
    ['an empty list', [], undefined],
    ['an ARN', ['arn:aws:bedrock:us-east-1:1:inference-profile/us.x'], ['us.x']],
    ['two spellings of one', ['us.x', 'arn:aws:bedrock:us-east-1:1:inference-profile/us.x'], ['us.x']],
    ['a pattern', ['anthropic.*'], ['anthropic.claude-a']],
    ['all', ['*'], inUse.modelsInUse && 'known' in inUse.modelsInUse ? inUse.modelsInUse.known : []],
    [
      'a model and a pattern that finds it too',
      ['anthropic.claude-a', '*claude*'],
      ['anthropic.claude-a', 'us.anthropic.claude-a'],
    ],
    ['a pattern that finds nothing', ['meta.*'], []],
    ['dots are dots', ['anthropicX*'], []],
  ])('%s', (_, models, ids) => {
    expect(chosen(models).ids).toEqual(ids);
  });

  it('says which pattern finds nothing, and that this is no fault', () => {
    expect(remarks({ remarks: chosen(['meta.*', 'amazon.*']).remarks })).toEqual([
      'NoModelsMatched (note) alarms/latency',
    ]);
    expect(chosen(['meta.*', 'amazon.*']).remarks[0]?.message).toMatch('matches meta.* yet');
  });

  it('keeps to what is named while the models in use are unknown, and blocks the part', () => {
    const blind = chosen(['us.x', '*'], facts({ modelsInUse: { unknown: 'denied', reason: 'AccessDenied' } }));
    expect(blind.ids).toEqual(['us.x']);
    expect(remarks({ remarks: blind.remarks })).toEqual(['AccessDenied alarms/latency']);
  });

  it('keeps the first fifty, those named in full before those found', () => {
    const many = facts({ modelsInUse: { known: Array.from({ length: 60 }, (_, index) => `m${index}`) } });
    const result = chosen(['own', '*'], many);
    expect([result.ids?.length, result.ids?.[0], result.seen.length]).toEqual([50, 'own', 49]);
    expect(remarks({ remarks: result.remarks })).toEqual(['TooManyResources alarms/latency']);
  });
});
