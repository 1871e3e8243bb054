import { bare, many, type Rejection } from './row.ts';

const arnRule = 'must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/Name';
const tagRule = 'tag keys may not start with aws: or bedrockmonitor.io/, and hold at most 128 characters';
const nameRule = 'the name becomes part of AWS names: use at most 63 letters, digits and -, without dots';

export const targetRejections: readonly Rejection[] = [
  { what: 'a name with dots', name: 'a.b', spec: bare(), field: 'metadata.name', says: nameRule },
  { what: 'a name of 64 characters', name: 'a'.repeat(64), spec: bare(), field: 'metadata.name', says: nameRule },
  { what: 'a spec without region', spec: {}, field: 'spec.region', cause: 'FieldValueRequired' },
  {
    what: 'a place instead of a Region',
    spec: bare({ region: 'Virginia' }),
    field: 'spec.region',
    says: 'must be an AWS Region name such as us-east-1',
  },
  {
    what: 'an Availability Zone instead of a Region',
    spec: bare({ region: 'us-east-1a' }),
    field: 'spec.region',
    says: 'must be an AWS Region name such as us-east-1',
  },
  {
    what: 'an account ID without quotes',
    spec: bare({ accountID: 111122223333 }),
    field: 'spec.accountID',
    cause: 'FieldValueTypeInvalid',
  },
  {
    what: 'an account ID of 11 digits',
    spec: bare({ accountID: '11112222333' }),
    field: 'spec.accountID',
    says: 'must be 12 digits, in quotes',
  },
  {
    what: 'a user where a role is asked for',
    spec: bare({ assumeRole: { roleARN: 'arn:aws:iam::111122223333:user/me' } }),
    field: 'spec.assumeRole.roleARN',
    says: arnRule,
  },
  {
    what: 'assumeRole without a role',
    spec: bare({ assumeRole: {} }),
    field: 'spec.assumeRole.roleARN',
    cause: 'FieldValueRequired',
  },
  {
    what: 'a role of another account than accountID',
    spec: bare({ accountID: '444455556666', assumeRole: { roleARN: 'arn:aws:iam::111122223333:role/monitor' } }),
    field: 'spec.assumeRole.roleARN',
    says: 'assumeRole.roleARN is a role of another account than accountID',
  },
  { what: "a tag of AWS's own", spec: bare({ tags: { 'aws:x': '1' } }), field: 'spec.tags', says: tagRule },
  {
    what: "a tag of the operator's own",
    spec: bare({ tags: { 'bedrockmonitor.io/cluster': 'x' } }),
    field: 'spec.tags',
    says: tagRule,
  },
  {
    what: 'a tag key of 129 characters',
    spec: bare({ tags: { ['k'.repeat(129)]: '1' } }),
    field: 'spec.tags',
    says: tagRule,
  },
  {
    what: '41 tags',
    spec: bare({ tags: Object.fromEntries(many(41, (n) => [`k${n}`, 'v'])) }),
    field: 'spec.tags',
    cause: 'FieldValueTooMany',
  },
  {
    what: 'a model twice',
    spec: bare({ models: ['amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0'] }),
    field: 'spec.models[1]',
    cause: 'FieldValueDuplicate',
  },
  {
    what: 'a pattern of ARNs',
    spec: bare({ models: ['arn:aws:bedrock:us-east-1::foundation-model/*'] }),
    field: 'spec.models[0]',
    says: 'a pattern matches model IDs: write it without arn:',
  },
  {
    what: '51 models',
    spec: bare({ models: many(51, (n) => `m${n}`) }),
    field: 'spec.models',
    cause: 'FieldValueTooMany',
  },
];
