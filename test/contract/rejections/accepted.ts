import {
  type Acceptance,
  bare,
  dashboard,
  logging,
  many,
  masked,
  metricAlarm,
  presetAlarm,
  query,
  roleARN,
} from './row.ts';

const model = 'amazon.nova-pro-v1:0';
const otherRole = roleARN.replace('111122223333', '444455556666');
const withStatistic = (statistic: string): Acceptance => ({
  what: `statistic ${statistic}`,
  spec: metricAlarm({ metric: { name: 'InvocationLatency', statistic } }),
});

/** Edges of the rules that are about one part. */
export const ordinaryAcceptances: readonly Acceptance[] = [
  { what: 'a Region alone', spec: bare() },
  ...['us-gov-west-1', 'cn-northwest-1', 'eusc-de-east-1', 'ap-southeast-5', 'mx-central-1'].map(
    (region): Acceptance => ({ what: `Region ${region}`, spec: { region } }),
  ),
  {
    what: 'a role of the account of accountID',
    spec: bare({ accountID: '444455556666', assumeRole: { roleARN: otherRole } }),
  },
  {
    what: '40 tags, keys of 128 characters',
    spec: bare({ tags: Object.fromEntries(many(40, (n) => [`${n}-`.padEnd(128, 'k'), 'v'.repeat(256)])) }),
  },
  {
    what: 'an inference profile by ARN',
    spec: bare({ models: [`arn:aws:bedrock:us-east-1:1:inference-profile/us.x`] }),
  },
  { what: 'records without bodies', spec: logging({ members: { dataTypes: [] } }) },
  { what: 'retention in days', spec: logging({ group: { retentionInDays: 3653 } }) },
  { what: 'retention without end', spec: logging({ group: { retentionInDays: 'NeverExpire' } }) },
  {
    what: "a log group in AWS's public space, of 512 characters",
    spec: logging({ group: { name: '/'.padEnd(512, 'a') } }),
  },
  { what: 'an Unmanaged log group', spec: logging({ group: { management: 'Unmanaged' } }) },
  {
    what: 'a new name together with a new class',
    from: logging(),
    spec: logging({ group: { name: '/aws/bedrock/cheap', class: 'InfrequentAccess' } }),
  },
  {
    what: 'the class of a log group that becomes Managed',
    from: logging({ group: { management: 'Unmanaged' } }),
    spec: logging({ group: { class: 'InfrequentAccess' } }),
  },
  { what: 'the default class written out', from: logging(), spec: logging({ group: { class: 'Standard' } }) },
  {
    what: 'S3 alone',
    spec: bare({ invocationLogging: { dataTypes: ['Text'], s3: { bucket: { name: 'abc' }, keyPrefix: 'a/b' } } }),
  },
  {
    what: 'masking beside S3, accepted in words',
    spec: masked({ s3Bodies: 'AcceptUnmasked' }, { members: { s3: { bucket: { name: 'records' } } } }),
  },
  {
    what: 'every character that AWS allows in a regex',
    spec: masked({ customIdentifiers: [{ name: 'all_of-them', regex: 'aZ09 _#=@/;,-^$?[]{}|\\*+.' }] }),
  },
  { what: 'an identifier that no release lists', spec: masked({ identifiers: ['PhoneNumber-ZZ', 'NewOne'] }) },
  { what: 'class InfrequentAccess with masking', spec: masked({}, { group: { class: 'InfrequentAccess' } }) },
  {
    what: 'a day of short periods',
    spec: metricAlarm({ period: '5m', evaluationPeriods: 288, datapointsToAlarm: 288 }),
  },
  { what: 'fewer datapoints of the periods of a preset', spec: presetAlarm('Throttling', { datapointsToAlarm: 5 }) },
  { what: 'a day of minutes', spec: metricAlarm({ period: '1m', evaluationPeriods: 1440 }) },
  { what: 'seven days of hours', spec: metricAlarm({ period: '60m', evaluationPeriods: 168 }) },
  { what: 'one period of seven days', spec: metricAlarm({ period: '168h' }) },
  { what: 'minutes as seconds', spec: metricAlarm({ period: '120s' }) },
  { what: 'hours and minutes', spec: metricAlarm({ period: '1h30m' }) },
  { what: 'a fraction as threshold', spec: metricAlarm({ threshold: 0.05 }) },
  { what: 'a threshold below zero', spec: metricAlarm({ threshold: -1 }) },
  {
    what: 'less than, with silence explained',
    spec: metricAlarm({ comparisonOperator: 'LessThanOrEqualToThreshold', treatMissingData: 'Breaching' }),
  },
  ...['IQM', 'p0', 'p99.999', 'p100', 'tm90', 'PR(:5000)', 'PR(100:2000)', 'TM(10%:90%)', 'WM(:95%)'].map(
    withStatistic,
  ),
  {
    what: 'preset ErrorRate with its parameters',
    spec: presetAlarm('ErrorRate', { errorRate: { include: ['ClientErrors'], minimumInvocations: 0 } }),
  },
  { what: 'TimeToFirstToken with spec.models', spec: presetAlarm('TimeToFirstToken', {}, { models: [model] }) },
  {
    what: 'an alarm over all models despite spec.models',
    spec: presetAlarm('Throttling', { models: [] }, { models: [model] }),
  },
  {
    what: 'awsName beside spec.models where one alarm is made',
    spec: metricAlarm(
      { awsName: 'deploys', metric: { namespace: 'Deploys', name: 'InProgress', statistic: 'Maximum' } },
      { models: [model] },
    ),
  },
  {
    what: 'an action of a service without Regions',
    spec: presetAlarm('Throttling', { alarmActions: ['arn:aws:ssm-incidents::111122223333:response-plan/throttled'] }),
  },
  { what: '100 alarms', spec: bare({ alarms: many(100, (n) => ({ name: `a${n}`, preset: 'Throttling' })) }) },
  { what: 'a dashboard by its body', spec: dashboard({ body: '{"widgets":[]}' }) },
  {
    what: 'a preset over other accounts',
    spec: dashboard({ preset: 'Delivery', sourceAccountIDs: ['444455556666'], models: [] }),
  },
  {
    what: 'widgets in CloudWatch’s own JSON, whatever it has in it',
    spec: dashboard({
      preset: 'Overview',
      widgets: [
        { type: 'text', width: 24, height: 1000, properties: { markdown: '# Ours', background: 'transparent' } },
        {
          type: 'metric',
          properties: {
            metrics: [
              ['AWS/Bedrock', 'Invocations', { stat: 'Sum', id: 'm1', visible: false }],
              [{ expression: 'm1 * 2' }],
            ],
            yAxis: { left: { min: 0.5 } },
            annotations: { horizontal: [[{ value: 1, label: 'a' }, { value: 2 }]] },
            liveData: true,
          },
        },
      ],
    }),
  },
  { what: 'SQL over its own log groups', spec: query({ queryString: 'SELECT 1', queryLanguage: 'SQL' }) },
  {
    what: 'patterns over another log group',
    spec: query({ preset: 'PromptPatterns', logGroupNames: ['/app'] }, { group: { class: 'InfrequentAccess' } }),
  },
  {
    what: 'parameters of a CWLI query',
    spec: query({
      queryString: 'filter requestMetadata.team = "{{team}}"',
      queryLanguage: 'CWLI',
      parameters: [{ name: 'team', defaultValue: '', description: 'Whose records' }],
    }),
  },
  { what: 'no parameters', spec: query({ queryString: 'limit 1', parameters: [] }) },
  ...['TokensByIdentity', 'SlowestInvocations', 'MaskedFindings', 'LargePayloads'].map(
    (preset): Acceptance => ({
      what: `preset ${preset} over class InfrequentAccess`,
      spec: query({ preset }, { group: { class: 'InfrequentAccess' } }),
    }),
  ),
  { what: 'a query in folders', spec: query({ preset: 'Errors', awsName: 'genai/errors' }) },
  {
    what: 'another accountID before the monitor is bound',
    from: bare({ accountID: '111122223333' }),
    spec: bare({ accountID: '444455556666' }),
  },
  {
    what: 'the guard of a monitor that is bound',
    from: bare(),
    status: { accountID: '111122223333' },
    spec: bare({ accountID: '111122223333', assumeRole: { roleARN } }),
  },
];
