import { Type } from 'typebox';
import { logGroup } from './log-group.ts';
import { bucketName } from './names.ts';
import { choice, form, listByKey, object, setOf, text } from './shape.ts';

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
    'What to mask, as a regular expression: at most 200 characters, no parentheses, quotes or colons.',
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

const findings = object('Where AWS reports what it found: any of the three. Default: nowhere.', {
  logGroup: Type.Optional(logGroup('A log group of its own for the findings.')),
  s3: Type.Optional(
    object('A bucket that exists.', { bucketName: bucketName('Name of the bucket, without s3:// and not its ARN.') }),
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
        "Names of AWS's managed data identifiers, such as EmailAddress or Ssn-US, with the country where they have one. At most 150. A name that this release does not list is sent all the same, and AWS decides.",
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
        "Whole categories of AWS's managed data identifiers: Credentials, Device, Financial, PHI (health), PII (persons), with the members that this release of the operator lists.",
        choice('A category.', CATEGORIES),
        { maxItems: CATEGORIES.length },
      ),
    ),
    countries: Type.Optional(
      setOf(
        'Of the identifiers that the categories come to, those of single countries are masked for these countries only. At most 40. Default: all countries.',
        text('A country code, such as US.', { minLength: 2, maxLength: 2 }, [
          form('^[A-Z]{2}$', 'must be a country code of two capital letters, such as US'),
        ]),
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
        'What becomes of logging when AWS refuses the masking, or it fails for five minutes. StopLogging: it is switched off. KeepLogging: it goes on, and the status says so. Default: StopLogging.',
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
