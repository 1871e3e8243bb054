import { describe, expect, it } from 'vitest';
import { planCrossAccount } from '#src/domain/plan/cross-account.ts';
import { facts, planned, remarks, spec } from './given.ts';

const sinkARN = 'arn:aws:oam:us-east-1:999988887777:sink/0f1e2d3c-1111-2222-3333-444455556666';
const tags = { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production', team: 'search' };
const usual = ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup'];

describe('the sink of a monitoring account', () => {
  it('shares metrics and logs, under a name that tells whose it is, unless the spec says otherwise', () => {
    const sink = { sourceAccountIDs: ['777788889999', '444455556666', '777788889999'] };
    const outcome = planCrossAccount(spec({ crossAccount: { sink }, tags: { team: 'search' } }), facts());
    expect(outcome.resources).toEqual([
      {
        part: 'CrossAccount',
        path: 'crossAccount/sink',
        after: [],
        resource: {
          kind: 'Sink',
          name: 'sink',
          awsName: 'bedrockmonitor_test_genai_production',
          sourceAccountIDs: ['444455556666', '777788889999'],
          organizationIDs: [],
          resourceTypes: usual,
          otherStatements: [],
          tags,
        },
      },
    ]);
  });

  it('takes types, organizations and a name of its own', () => {
    const sink = {
      organizationIDs: ['o-a1b2c3d4e5'],
      resourceTypes: ['AWS::XRay::Trace', 'AWS::ApplicationSignals::Service'],
      awsName: 'central',
    } as const;
    expect(planned('Sink', planCrossAccount(spec({ crossAccount: { sink } }), facts()))).toMatchObject([
      {
        awsName: 'central',
        sourceAccountIDs: [],
        organizationIDs: ['o-a1b2c3d4e5'],
        resourceTypes: ['AWS::ApplicationSignals::Service', 'AWS::XRay::Trace'],
      },
    ]);
  });
});

describe('the link of a source account', () => {
  it('has the name of its sink, and shares everything that no filter leaves out', () => {
    const link = { sinkARN, metricFilter: "Namespace = 'AWS/Bedrock'" };
    const outcome = planCrossAccount(spec({ crossAccount: { link }, tags: { team: 'search' } }), facts());
    expect(outcome).toEqual({
      resources: [
        {
          part: 'CrossAccount',
          path: 'crossAccount/link',
          after: [],
          resource: {
            kind: 'Link',
            name: sinkARN,
            labelTemplate: '$AccountName',
            resourceTypes: usual,
            metricFilter: "Namespace = 'AWS/Bedrock'",
            tags,
          },
        },
      ],
    });
  });

  it('to a sink of its own account is left out with a sentence, and nothing is pruned', () => {
    const own = sinkARN.replace('999988887777', '111122223333');
    const crossAccount = { link: { sinkARN: own }, sink: { sourceAccountIDs: ['444455556666'] } };
    const outcome = planCrossAccount(spec({ crossAccount }), facts());
    expect(remarks(outcome)).toEqual(['InvalidSpec crossAccount/link']);
    expect(outcome.resources?.map(({ path }) => path)).toEqual(['crossAccount/sink']);
    expect(outcome.keep).toEqual(['CrossAccount']);
  });

  it('is not planned where none is asked for', () => {
    expect(planCrossAccount(spec(), facts())).toEqual({ resources: [] });
    expect(planCrossAccount(spec({ crossAccount: {} }), facts())).toEqual({ resources: [] });
  });
});
