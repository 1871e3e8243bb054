import { describe, expect, it } from 'vitest';
import { admits } from '#src/aws/preflight/policy-match.ts';
import { covers, equals } from '#src/aws/preflight/wildcard.ts';
import type { JsonObject } from '#src/domain/json.ts';

const context = {
  'aws:SourceAccount': '111122223333',
  'aws:SourceArn': 'arn:aws:bedrock:us-east-1:111122223333:*',
};
const path = 'arn:aws:s3:::records/AWSLogs/111122223333/BedrockModelInvocationLogs/*';
const wanted = { service: 'bedrock.amazonaws.com', action: 's3:PutObject', resource: path };
const allow: JsonObject = {
  Effect: 'Allow',
  Principal: { Service: 'bedrock.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: path,
};
const deny: JsonObject = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
/** Stands in most buckets. */
const httpOnly: JsonObject = { ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const when = (operator: string, key: string, value: string | readonly string[]): JsonObject => ({
  ...allow,
  Condition: { [operator]: { [key]: value } },
});
const { Action: _action, ...anyAction } = allow;
const { Resource: _resource, ...anyResource } = allow;
const { Principal: _principal, ...anybody } = allow;

describe('what a policy admits', () => {
  it.each<[string, JsonObject | readonly JsonObject[], boolean | undefined]>([
    ['one statement, not in a list', allow, true],
    ['no statement', [], false],
    ['a list of services', [{ ...allow, Principal: { Service: ['a.amazonaws.com', wanted.service] } }], true],
    ['everybody', [{ ...allow, Principal: '*' }], true],
    ['every account', [{ ...allow, Principal: { AWS: ['*'] } }], true],
    ['an account', [{ ...allow, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }], false],
    ['actions by a wildcard, in any case', [{ ...allow, Action: ['S3:put*'] }], true],
    ['another action', [{ ...allow, Action: 's3:PutObjectAcl' }], false],
    ['all of the bucket', [{ ...allow, Resource: 'arn:aws:s3:::records/*' }], true],
    ['another folder', [{ ...allow, Resource: 'arn:aws:s3:::records/other/*' }], false],
    [
      'a part of the folder: it cannot be told',
      [{ ...allow, Resource: path.replace('/*', '/us-east-1/*') }],
      undefined,
    ],
    ['all actions but this one', [{ ...anyAction, NotAction: 's3:Put*' }], false],
    ['all actions but others', [{ ...anyAction, NotAction: 's3:Delete*' }], true],
    ['all resources but others', [{ ...anyResource, NotResource: 'arn:aws:s3:::records/other/*' }], true],
    ['all but some: it cannot be told', [{ ...anybody, NotPrincipal: { AWS: '111122223333' } }], undefined],
    [
      'a policy variable: it cannot be told',
      [{ ...allow, Resource: 'arn:aws:s3:::records/${aws:userid}/*' }],
      undefined,
    ],
    ['the account', [when('StringEquals', 'aws:SourceAccount', ['999999999999', '111122223333'])], true],
    ['another account', [when('StringEquals', 'aws:SourceAccount', '999999999999')], false],
    ['another account, the key in capitals', [when('StringEquals', 'AWS:SOURCEACCOUNT', '999999999999')], false],
    ['another account, if it is said', [when('StringEqualsIfExists', 'aws:SourceAccount', '999999999999')], false],
    ['all accounts but another', [when('StringNotEquals', 'aws:SourceAccount', '999999999999')], true],
    ['the source that Bedrock is', [when('ArnLike', 'aws:SourceArn', 'arn:aws:bedrock:*:111122223333:*')], true],
    ['ArnEquals takes wildcards', [when('ArnEquals', 'aws:SourceArn', 'arn:aws:bedrock:us-east-1:*')], true],
    ['another Region', [when('ArnLike', 'aws:SourceArn', 'arn:aws:bedrock:eu-west-1:111122223333:*')], false],
    [
      'one of its resources: it cannot be told',
      [when('ArnLike', 'aws:SourceArn', 'arn:aws:bedrock:*:model*')],
      undefined,
    ],
    ['all sources but another Region', [when('ArnNotLike', 'aws:SourceArn', 'arn:aws:bedrock:eu-*')], true],
    ['an organisation: it cannot be told', [when('StringEquals', 'aws:SourceOrgID', 'o-1')], undefined],
    ['an unknown operator: it cannot be told', [when('ForAnyValue:StringLike', 'aws:SourceArn', '*')], undefined],
    ['an Allow, and a Deny', [allow, deny], false],
    ['an Allow, and a Deny for others', [allow, { ...deny, Principal: { Service: 'a.amazonaws.com' } }], true],
    ['an Allow, and a Deny that is not understood', [allow, httpOnly], undefined],
    ['no Allow, and a Deny that is not understood', [httpOnly], false],
    ['a misshapen statement', [{ Effect: 'Allow', Principal: 3, Action: {} }], false],
  ])('%s', (_, statements, expected) => {
    expect(admits({ Statement: statements }, wanted, context)).toBe(expected);
  });
});

describe('wildcards of IAM', () => {
  it.each<[string, string, boolean | undefined]>([
    ['*', '', true],
    ['', '', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a*c', 'ac', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a.c', 'abc', false],
    ['abc', 'abcd', false],
    ['a*', 'a*', true],
    ['a*c', 'a*', undefined],
    ['b*', 'a*', false],
  ])('%s over %s', (pattern, value, expected) => {
    expect(covers(pattern, value)).toBe(expected);
  });

  it('equality takes no wildcards', () => {
    expect([equals('a*', 'ab'), equals('ab', 'ab'), equals('ab', 'a*'), equals('b', 'a*')]).toEqual([
      false,
      true,
      undefined,
      false,
    ]);
  });

  it('takes no longer for a pattern that was made to take for ever', () => {
    expect(covers(`${'*a'.repeat(100)}*!`, 'a'.repeat(1_000))).toBe(false);
  });
});
