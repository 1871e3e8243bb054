import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#src/domain/json.ts';
import type { Sink } from '#src/domain/resource.ts';
import { admittedBesides, keepingStatements, readSinkPolicy, sinkPolicy } from '#src/domain/sink-policy.ts';

const metric = 'AWS::CloudWatch::Metric';
const log = 'AWS::Logs::LogGroup';

function sink(members: Partial<Sink> = {}): Sink {
  return {
    kind: 'Sink',
    name: 'sink',
    awsName: 'central',
    sourceAccountIDs: ['444455556666'],
    organizationIDs: [],
    resourceTypes: [metric, log],
    otherStatements: [],
    tags: {},
    ...members,
  };
}

/** A statement as somebody writes it by hand. */
function byHand(members: JsonObject = {}): JsonObject {
  return {
    Effect: 'Allow',
    Principal: { AWS: '777788889999' },
    Action: ['oam:CreateLink', 'oam:UpdateLink'],
    Resource: '*',
    Condition: { 'ForAllValues:StringEquals': { 'oam:ResourceTypes': [log, metric] } },
    ...members,
  };
}

describe('the policy of a sink', () => {
  it.each<[string, Partial<Sink>]>([
    ['accounts', { sourceAccountIDs: ['111122223333', '444455556666'] }],
    ['organizations', { sourceAccountIDs: [], organizationIDs: ['o-a1b2c3d4e5', 'o-f6g7h8i9j0'] }],
    ['both, with statements of others', { organizationIDs: ['o-a1b2c3d4e5'], otherStatements: [byHand()] }],
    ['one type', { resourceTypes: [log] }],
  ])('reads back as it was written: %s', (_, members) => {
    const { sourceAccountIDs, organizationIDs, resourceTypes, otherStatements } = sink(members);
    expect(readSinkPolicy(sinkPolicy(sink(members)))).toEqual({
      sourceAccountIDs,
      organizationIDs,
      resourceTypes,
      otherStatements,
    });
  });

  it('is told by its meaning: roots for accounts, a text for a list of one, any order', () => {
    const written = JSON.stringify(sinkPolicy(sink({ sourceAccountIDs: ['444455556666'] })))
      .replace('["444455556666"]', '"arn:aws:iam::444455556666:root"')
      .replace('["oam:CreateLink","oam:UpdateLink"]', '["oam:UpdateLink","oam:CreateLink"]');
    expect(readSinkPolicy(JSON.parse(written))).toMatchObject({
      sourceAccountIDs: ['444455556666'],
      otherStatements: [],
    });
  });

  it.each<[string, JsonObject]>([
    ['without a condition', { Condition: {} }],
    ['with another action', { Action: 'oam:*' }],
    ['with one condition more', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } }],
    ['that denies', { Effect: 'Deny' }],
  ])('does not take a statement of our name for ours %s', (_, members) => {
    const statement = byHand({ Sid: 'BedrockMonitorAccounts', ...members });
    expect(readSinkPolicy({ Statement: [statement] })).toMatchObject({
      sourceAccountIDs: [],
      otherStatements: [statement],
    });
  });

  it('admits nobody where there is none', () => {
    expect(readSinkPolicy(undefined)).toEqual({
      sourceAccountIDs: [],
      organizationIDs: [],
      resourceTypes: [],
      otherStatements: [],
    });
  });
});

describe('a sink that is taken over', () => {
  const found = (statements: JsonObject[]): Sink => sink(readSinkPolicy({ Statement: statements }));

  it('goes on admitting whom it admitted, under a name by which that is known again', () => {
    const theirs = [
      byHand({ Sid: 'Theirs' }),
      byHand({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-f6g7h8i9j0' } } }),
    ];
    const taken = keepingStatements(sink(), found(theirs), false);
    expect(taken.otherStatements).toEqual([
      { ...theirs[0], Sid: 'BedrockMonitorKept1' },
      { ...theirs[1], Sid: 'BedrockMonitorKept2' },
    ]);
    expect(admittedBesides(taken)).toEqual(['777788889999', 'o-f6g7h8i9j0']);
    // A crash before the mark: it is taken over once more, and nothing is kept twice.
    const again = keepingStatements(sink(), sink(readSinkPolicy(sinkPolicy(taken))), false);
    expect(again.otherStatements).toEqual(taken.otherStatements);
  });

  it('keeps nothing that the spec says as well', () => {
    const same = byHand({ Sid: 'Theirs', Principal: { AWS: 'arn:aws:iam::444455556666:root' } });
    expect(keepingStatements(sink(), found([same]), false).otherStatements).toEqual([]);
  });

  it('once ours, keeps those and drops what others add', () => {
    const kept = byHand({ Sid: 'BedrockMonitorKept1' });
    const now = keepingStatements(sink(), found([kept, byHand({ Principal: { AWS: '999988887777' } })]), true);
    expect(now.otherStatements).toEqual([kept]);
    expect(keepingStatements(sink(), found([]), true).otherStatements).toEqual([]);
  });

  it('says of a statement for everybody that it is for everybody', () => {
    const open = byHand({ Sid: 'BedrockMonitorKept1', Principal: { AWS: '*' }, Condition: {} });
    expect(admittedBesides(found([open]))).toEqual(['every AWS account']);
  });
});
