import { Type } from 'typebox';
import { logGroup } from './log-group.ts';
import { choice, listByKey, object, setOf, text } from './shape.ts';

/** AWS's five categories of managed data identifiers. */
export const CATEGORIES = ['Credentials', 'Device', 'Financial', 'PHI', 'PII'] as const;

/** Managed data identifiers that AWS has for single countries only: the name alone is no identifier. */
export const PER_COUNTRY = [
  'BankAccountNumber',
  'CepCode',
  'Cnpj',
  'CpfCode',
  'DriversLicense',
  'DrugEnforcementAgencyNumber',
  'ElectoralRollNumber',
  'HealthcareProcedureCode',
  'HealthInsuranceCardNumber',
  'HealthInsuranceClaimNumber',
  'HealthInsuranceNumber',
  'IndividualTaxIdentificationNumber',
  'InseeCode',
  'MedicareBeneficiaryNumber',
  'NationalDrugCode',
  'NationalIdentificationNumber',
  'NationalInsuranceNumber',
  'NationalProviderId',
  'NhsNumber',
  'NieNumber',
  'NifNumber',
  'PassportNumber',
  'PermanentResidenceNumber',
  'PersonalHealthNumber',
  'PhoneNumber',
  'PostalCode',
  'RgNumber',
  'SocialInsuranceNumber',
  'Ssn',
  'TaxId',
  'ZipCode',
] as const;

const perCountry = PER_COUNTRY.map((name) => `'${name}'`).join(', ');

const customIdentifier = object('An identifier of your own.', {
  name: text("Letters, digits, _ and -. Not the name of one of AWS's identifiers.", {
    minLength: 1,
    maxLength: 128,
    pattern: '^[A-Za-z0-9_-]+$',
  }),
  regex: text(
    'What to mask, as a regular expression of at most 200 characters of the set that AWS allows.',
    { minLength: 1, maxLength: 200 },
    [
      {
        rule: "self.matches('^[A-Za-z0-9 _#=@/;,^$?{}|*+.\\\\[\\\\]\\\\\\\\-]+$')",
        message:
          'AWS allows in this regex only letters, digits, blanks and _ # = @ / ; , - ^ $ ? [ ] { } | \\ * + . (no parentheses, quotes or colons)',
      },
    ],
  ),
});

const findings = object('Where AWS reports what it found. Default: nowhere. Any of the three.', {
  logGroup: Type.Optional(logGroup('A log group of its own for the findings.')),
  s3: Type.Optional(
    object('A bucket that exists.', {
      bucketName: text('Name of the bucket.', {
        minLength: 3,
        maxLength: 63,
        pattern: '^[a-z0-9][a-z0-9.-]*[a-z0-9]$',
      }),
    }),
  ),
  firehose: Type.Optional(
    object('A Data Firehose stream that exists.', {
      deliveryStreamName: text('Name of the stream.', { minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_.-]+$' }),
    }),
  ),
});

export const dataProtection = object(
  'Masks sensitive data in the log group of invocationLogging.cloudWatchLogs. Logging is switched on only after the masking policy is read back in force.',
  {
    identifiers: Type.Optional(
      setOf(
        "Names of AWS's managed data identifiers, such as EmailAddress or Ssn-US, with the country where they have one. A name that this release does not list is sent all the same, and AWS decides.",
        text('A managed data identifier.', { minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9-]+$' }),
        { maxItems: 150 },
        [
          {
            rule: `self.all(name, !(name in [${perCountry}]))`,
            message: 'these identifiers exist per country: write for example PhoneNumber-US, Ssn-US, PassportNumber-DE',
          },
        ],
      ),
    ),
    categories: Type.Optional(
      setOf(
        "Categories of AWS's managed data identifiers, as this release of the operator lists them.",
        choice('A category.', CATEGORIES),
        { maxItems: CATEGORIES.length },
      ),
    ),
    countries: Type.Optional(
      setOf(
        'Narrows the members of categories that exist per country to these. Default: all countries.',
        text('A country code, such as US.', { minLength: 2, maxLength: 2, pattern: '^[A-Z]{2}$' }),
        { maxItems: 40 },
      ),
    ),
    customIdentifiers: Type.Optional(
      listByKey('Identifiers of your own. At most 10.', 'name', customIdentifier, { maxItems: 10 }),
    ),
    s3Bodies: Type.Optional(
      choice(
        'CloudWatch masks only the log group. Beside invocationLogging.s3 or largeDataDelivery, masking needs AcceptUnmasked here: bodies in S3 are stored unmasked. Default: Refuse.',
        ['Refuse', 'AcceptUnmasked'],
      ),
    ),
    onFailure: Type.Optional(
      choice(
        'Default: StopLogging, masking that AWS refuses, or that fails for five minutes, switches logging off. KeepLogging only reports it.',
        ['StopLogging', 'KeepLogging'],
      ),
    ),
    findings: Type.Optional(findings),
  },
  [
    {
      rule: '(has(self.identifiers) && self.identifiers.size() > 0) || (has(self.categories) && self.categories.size() > 0) || (has(self.customIdentifiers) && self.customIdentifiers.size() > 0)',
      message: 'say what to mask: set identifiers, categories or customIdentifiers',
    },
    {
      rule: '!has(self.countries) || (has(self.categories) && self.categories.size() > 0)',
      message: 'countries narrows categories: set categories too',
    },
  ],
);
