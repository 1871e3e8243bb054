import { type Acceptance, bare, type Draft, many, type Rejection } from './row.ts';

const sinkARN = 'arn:aws:oam:us-east-1:999988887777:sink/0f1e2d3c-1111-2222-3333-444455556666';
const notASink =
  'must be the ARN of a sink, such as arn:aws:oam:us-east-1:111122223333:sink/1a2b3c4d-1111-2222-3333-444455556666';

const sink = (members: Draft, spec: Draft = {}): Draft =>
  bare({ crossAccount: { sink: { sourceAccountIDs: ['444455556666'], ...members } }, ...spec });
const link = (members: Draft = {}, spec: Draft = {}): Draft =>
  bare({ crossAccount: { link: { sinkARN, ...members } }, ...spec });

export const crossAccountRejections: readonly Rejection[] = [
  {
    what: 'a sink that admits nobody',
    spec: bare({ crossAccount: { sink: {} } }),
    field: 'spec.crossAccount.sink',
    says: 'say who may link to the sink: set sourceAccountIDs, organizationIDs or both',
  },
  {
    what: 'a sink with an empty list of accounts',
    spec: sink({ sourceAccountIDs: [] }),
    field: 'spec.crossAccount.sink',
    says: 'say who may link to the sink: set sourceAccountIDs, organizationIDs or both',
  },
  {
    what: 'a source account of eleven digits',
    spec: sink({ sourceAccountIDs: ['44445555666'] }),
    field: 'spec.crossAccount.sink.sourceAccountIDs[0]',
    says: 'must be 12 digits, in quotes',
  },
  {
    what: 'an organization that is none',
    spec: sink({ organizationIDs: ['r-ab12'] }),
    field: 'spec.crossAccount.sink.organizationIDs[0]',
    says: 'must be the ID of an AWS organization, such as o-a1b2c3d4e5',
  },
  {
    what: '101 source accounts',
    spec: sink({ sourceAccountIDs: many(101, (index) => String(100_000_000_000 + index)) }),
    field: 'spec.crossAccount.sink.sourceAccountIDs',
    cause: 'FieldValueTooMany',
  },
  {
    what: 'a sink name with a blank',
    spec: sink({ awsName: 'our sink' }),
    field: 'spec.crossAccount.sink.awsName',
    says: 'a sink name may hold letters, digits and . - _',
  },
  {
    what: 'a type that AWS does not share',
    spec: sink({ resourceTypes: ['AWS::S3::Bucket'] }),
    field: 'spec.crossAccount.sink.resourceTypes[0]',
    cause: 'FieldValueNotSupported',
  },
  {
    what: 'a link to what is no sink',
    spec: link({ sinkARN: 'arn:aws:oam:us-east-1:999988887777:link/0f1e2d3c' }),
    field: 'spec.crossAccount.link.sinkARN',
    says: notASink,
  },
  {
    what: 'a link to a sink of another Region',
    spec: link({ sinkARN: sinkARN.replace('us-east-1', 'eu-west-1') }),
    field: 'spec.crossAccount.link.sinkARN',
    says: 'crossAccount.link.sinkARN is a sink of another Region: a link and its sink are in one Region',
  },
  {
    what: 'a link to a sink of the same account',
    spec: link({}, { accountID: '999988887777' }),
    field: 'spec.crossAccount.link.sinkARN',
    says: 'crossAccount.link.sinkARN is a sink of accountID itself: an account sees its own telemetry without a link',
  },
  {
    what: 'a link that is moved to another sink',
    from: link(),
    spec: link({ sinkARN: sinkARN.replace('0f1e2d3c', '00000000') }),
    field: 'spec.crossAccount.link.sinkARN',
    says: 'AWS cannot move a link to another sink: remove link, apply, then add the new one',
  },
  {
    what: 'another label of a link',
    from: link({ labelTemplate: '$AccountEmail' }),
    spec: link({ labelTemplate: 'search' }),
    field: 'spec.crossAccount.link.labelTemplate',
    says: 'AWS cannot change the label of a link: remove link, apply, then add the new one',
  },
  {
    what: 'the label of a link where there was none',
    from: link(),
    spec: link({ labelTemplate: 'search' }),
    field: 'spec.crossAccount.link.labelTemplate',
    says: 'AWS cannot change the label of a link: remove link, apply, then add the new one',
  },
];

export const crossAccountAcceptances: readonly Acceptance[] = [
  {
    what: '100 source accounts, 5 organizations and all seven types',
    spec: sink({
      sourceAccountIDs: many(100, (index) => String(100_000_000_000 + index)),
      organizationIDs: many(5, (index) => `o-a1b2c3d4e${index}`),
      resourceTypes: [
        'AWS::CloudWatch::Metric',
        'AWS::Logs::LogGroup',
        'AWS::XRay::Trace',
        'AWS::ApplicationInsights::Application',
        'AWS::InternetMonitor::Monitor',
        'AWS::ApplicationSignals::Service',
        'AWS::ApplicationSignals::ServiceLevelObjective',
      ],
      awsName: 'central_Sink-1.a',
    }),
  },
  {
    what: 'a sink for an organization alone',
    spec: bare({ crossAccount: { sink: { organizationIDs: ['o-a1b2c3d4e5'] } } }),
  },
  {
    what: 'a link with filters, edited in all that AWS can change',
    from: link({ metricFilter: "Namespace = 'AWS/Bedrock'" }),
    spec: link({ resourceTypes: ['AWS::Logs::LogGroup'], logGroupFilter: "LogGroupName LIKE '/aws/bedrock%'" }),
  },
  { what: 'the default label of a link written out', from: link(), spec: link({ labelTemplate: '$AccountName' }) },
  { what: 'a link that is removed', from: link(), spec: bare() },
  {
    what: 'a link of another partition',
    spec: {
      region: 'us-gov-west-1',
      crossAccount: {
        link: { sinkARN: sinkARN.replace('arn:aws:', 'arn:aws-us-gov:').replace('us-east-1', 'us-gov-west-1') },
      },
    },
  },
];
