import { bare, logging, many, masked, type Rejection } from './row.ts';

const s3 = { bucket: { name: 'records' } };
const accept =
  'CloudWatch masks only the log group; bodies in S3 are stored unmasked: set dataProtection.s3Bodies: AcceptUnmasked to accept that, or remove s3 and largeDataDelivery';
const nothing = 'say what to mask: set identifiers, categories or customIdentifiers';
const alphabet =
  'AWS allows in this regex only letters, digits, blanks and _ # = @ / ; , - ^ $ ? [ ] { } | \\ * + . (no parentheses, quotes or colons)';

const custom = (regex: string): Rejection => ({
  what: `the regex ${regex}`,
  spec: masked({ customIdentifiers: [{ name: 'MRN', regex }] }),
  field: 'spec.dataProtection.customIdentifiers[0].regex',
  says: alphabet,
});

export const maskingRejections: readonly Rejection[] = [
  {
    what: 'masking without logging',
    spec: bare({ dataProtection: { categories: ['PII'] } }),
    field: 'spec.dataProtection',
    says: 'dataProtection masks a CloudWatch log group, and this monitor has none: set invocationLogging.cloudWatchLogs (records in S3 cannot be masked)',
  },
  {
    what: 'masking beside S3 that is not accepted',
    spec: masked({}, { members: { s3 } }),
    field: 'spec.dataProtection.s3Bodies',
    says: accept,
  },
  {
    what: 'masking beside large data that is refused',
    spec: masked({ s3Bodies: 'Refuse' }, { logs: { largeDataDelivery: s3 } }),
    field: 'spec.dataProtection.s3Bodies',
    says: accept,
  },
  {
    what: 'masking of nothing',
    spec: logging({ spec: { dataProtection: {} } }),
    field: 'spec.dataProtection',
    says: nothing,
  },
  {
    what: 'masking of empty lists',
    spec: logging({ spec: { dataProtection: { identifiers: [], categories: [], customIdentifiers: [] } } }),
    field: 'spec.dataProtection',
    says: nothing,
  },
  {
    what: 'countries without categories',
    spec: logging({ spec: { dataProtection: { identifiers: ['EmailAddress'], countries: ['US'] } } }),
    field: 'spec.dataProtection',
    says: 'countries narrows categories: set categories too',
  },
  {
    what: 'an identifier that needs a country',
    spec: masked({ identifiers: ['EmailAddress', 'PhoneNumber'] }),
    field: 'spec.dataProtection.identifiers',
    says: 'these identifiers exist per country: write for example PhoneNumber-US, Ssn-US, PassportNumber-DE',
  },
  {
    what: 'an identifier with a blank',
    spec: masked({ identifiers: ['Email Address'] }),
    field: 'spec.dataProtection.identifiers[0]',
    cause: 'FieldValueInvalid',
  },
  {
    what: 'an unknown category',
    spec: masked({ categories: ['Secrets'] }),
    field: 'spec.dataProtection.categories[0]',
    cause: 'FieldValueNotSupported',
  },
  {
    what: 'a country by its name',
    spec: masked({ countries: ['Germany'] }),
    field: 'spec.dataProtection.countries[0]',
    cause: 'FieldValueTooLong',
  },
  custom('(MRN|mrn)[0-9]{8}'),
  custom('MRN:[0-9]{8}'),
  custom('"MRN"'),
  {
    what: 'a custom identifier twice',
    spec: masked({ customIdentifiers: many(2, () => ({ name: 'MRN', regex: 'MRN' })) }),
    field: 'spec.dataProtection.customIdentifiers[1]',
    cause: 'FieldValueDuplicate',
  },
  {
    what: '11 custom identifiers',
    spec: masked({ customIdentifiers: many(11, (n) => ({ name: `N${n}`, regex: 'x' })) }),
    field: 'spec.dataProtection.customIdentifiers',
    cause: 'FieldValueTooMany',
  },
  {
    what: 'findings in the log group of the records',
    spec: masked({ findings: { logGroup: { name: '/aws/bedrock' } } }),
    field: 'spec.dataProtection.findings.logGroup.name',
    says: 'findings need a log group of their own: findings.logGroup and the invocation log group are the same',
  },
  {
    what: 'masking of class InfrequentAccess in China',
    spec: masked(
      {},
      {
        group: { class: 'InfrequentAccess' },
        logs: { role: { arn: 'arn:aws-cn:iam::111122223333:role/logs' } },
        spec: { region: 'cn-north-1' },
      },
    ),
    field: 'spec.invocationLogging.cloudWatchLogs.logGroup.class',
    says: 'in the China Regions data protection needs log group class Standard',
  },
];
