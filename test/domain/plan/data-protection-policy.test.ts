import { describe, expect, test } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { planDataProtection } from '#src/domain/plan/data-protection-policy.ts';
import { planInvocationLogging } from '#src/domain/plan/invocation-logging.ts';
import { facts, logging, planned, remarks, spec } from './given.ts';

type DataProtection = NonNullable<BedrockMonitorSpec['dataProtection']>;

const arn = (name: string, partition = 'aws'): string => `arn:${partition}:dataprotection::aws:data-identifier/${name}`;

function documentOf(dataProtection: DataProtection, given = facts()): JsonObject {
  const [policy] = planned(
    'DataProtectionPolicy',
    planDataProtection(spec({ invocationLogging: logging, dataProtection }), given),
  );
  if (policy === undefined) throw new Error('no policy was planned');
  return policy.document;
}

function identifiersOf(dataProtection: DataProtection): unknown {
  const statements = documentOf(dataProtection)['Statement'];
  return Array.isArray(statements) ? statements[1].DataIdentifier : undefined;
}

describe('the policy document', () => {
  test('is what AWS takes: Audit, then Deidentify, over the same identifiers', () => {
    expect(documentOf({ identifiers: ['Ssn-US', 'EmailAddress'] })).toEqual({
      Name: 'bedrockmonitor_test_genai_production',
      Description: 'Masks Bedrock invocation records, as declared by BedrockMonitor genai/production',
      Version: '2021-06-01',
      Statement: [
        {
          Sid: 'audit',
          DataIdentifier: [arn('EmailAddress'), arn('Ssn-US')],
          Operation: { Audit: { FindingsDestination: {} } },
        },
        {
          Sid: 'mask',
          DataIdentifier: [arn('EmailAddress'), arn('Ssn-US')],
          Operation: { Deidentify: { MaskConfig: {} } },
        },
      ],
    });
  });

  test('order and repetition in the spec do not change it', () => {
    expect(documentOf({ identifiers: ['Ssn-US', 'EmailAddress'], categories: ['PII', 'Device'] })).toEqual(
      documentOf({ identifiers: ['EmailAddress', 'Ssn-US'], categories: ['Device', 'PII'] }),
    );
  });

  test('the identifiers are those of the partition', () => {
    const china = facts({ place: { accountID: '111122223333', region: 'cn-north-1', partition: 'aws-cn' } });
    expect(JSON.stringify(documentOf({ identifiers: ['Name'] }, china))).toContain(arn('Name', 'aws-cn'));
  });

  test('a custom identifier is configured, and referred to by its bare name', () => {
    const document = documentOf({ identifiers: ['Name'], customIdentifiers: [{ name: 'MRN', regex: 'MRN-[0-9]{8}' }] });
    expect(document['Configuration']).toEqual({ CustomDataIdentifier: [{ Name: 'MRN', Regex: 'MRN-[0-9]{8}' }] });
    expect(document).toMatchObject({ Statement: [{ DataIdentifier: ['MRN', arn('Name')] }, {}] });
  });

  test('findings go to every destination that is named', () => {
    const findings = {
      logGroup: { name: '/findings' },
      s3: { bucketName: 'findings' },
      firehose: { deliveryStreamName: 'stream' },
    };
    expect(documentOf({ identifiers: ['Name'], findings })).toMatchObject({
      Statement: [
        {
          Operation: {
            Audit: {
              FindingsDestination: {
                CloudWatchLogs: { LogGroup: '/findings' },
                S3: { Bucket: 'findings' },
                Firehose: { DeliveryStream: 'stream' },
              },
            },
          },
        },
        {},
      ],
    });
  });
});

describe('categories', () => {
  test('stand for their members', () => {
    expect(identifiersOf({ categories: ['Credentials'] })).toEqual(
      ['AwsSecretKey', 'OpenSshPrivateKey', 'PgpPrivateKey', 'PkcsPrivateKey', 'PuttyPrivateKey'].map((name) =>
        arn(name),
      ),
    );
  });

  test('all five are the 99 identifiers of AWS', () => {
    expect(identifiersOf({ categories: ['Credentials', 'Device', 'Financial', 'PHI', 'PII'] })).toHaveLength(99);
  });

  test('countries narrow what exists per country, and leave the rest', () => {
    expect(identifiersOf({ categories: ['Financial'], countries: ['DE'] })).toEqual(
      ['BankAccountNumber-DE', 'CreditCardExpiration', 'CreditCardNumber', 'CreditCardSecurityCode'].map((name) =>
        arn(name),
      ),
    );
  });

  test('countries do not narrow identifiers that are named', () => {
    expect(identifiersOf({ categories: ['Credentials'], countries: ['DE'], identifiers: ['Ssn-US'] })).toContain(
      arn('Ssn-US'),
    );
  });
});

describe('order and remarks', () => {
  test('the policy waits for the group it masks, and not for the findings group', () => {
    const given = spec({
      invocationLogging: logging,
      dataProtection: { identifiers: ['Name'], findings: { logGroup: { name: '/findings' } } },
    });
    expect(planDataProtection(given, facts()).resources?.[0]?.after).toEqual([
      { kind: 'LogGroup', name: '/aws/bedrock/production' },
    ]);
  });

  test('an identifier that this release does not list is sent, and noted', () => {
    const plan = planDataProtection(
      spec({ invocationLogging: logging, dataProtection: { identifiers: ['Iris-NZ', 'Name'] } }),
      facts(),
    );
    expect(remarks(plan)).toEqual(['UnlistedIdentifier (note) dataProtection/identifiers']);
    expect(plan.remarks?.[0]?.message).toContain('Iris-NZ');
    expect(JSON.stringify(planned('DataProtectionPolicy', plan))).toContain(arn('Iris-NZ'));
  });

  test.each([
    ['s3', { ...logging, s3: { bucket: { name: 'records' } } }],
    [
      'largeDataDelivery',
      { ...logging, cloudWatchLogs: { ...logging.cloudWatchLogs, largeDataDelivery: { bucket: { name: 'large' } } } },
    ],
  ])('beside %s, masking says that S3 is not masked', (destination, invocationLogging) => {
    const plan = planDataProtection(
      spec({ invocationLogging, dataProtection: { identifiers: ['Name'], s3Bodies: 'AcceptUnmasked' } }),
      facts(),
    );
    expect(remarks(plan)).toEqual(['MaskedInLogGroupOnly (note) dataProtection']);
    expect(plan.remarks?.[0]?.message).toContain(destination);
  });

  test('categories without any identifier for the countries are refused in a sentence, and nothing is logged unmasked', () => {
    const given = spec({
      invocationLogging: logging,
      dataProtection: { categories: ['PHI'], countries: ['DE'] },
    });
    for (const plan of [planDataProtection(given, facts()), planInvocationLogging(given, facts())]) {
      expect(plan.resources).toBeUndefined();
      expect(plan.remarks?.[0]).toMatchObject({
        reason: 'InvalidSpec',
        message: expect.stringContaining('PHI is for DE'),
      });
    }
  });

  test('without a log group there is nothing to mask', () => {
    const plan = planDataProtection(spec({ dataProtection: { identifiers: ['Name'] } }), facts());
    expect(remarks(plan)).toEqual(['InvalidSpec dataProtection']);
    expect(plan.keep).toEqual(['DataProtection']);
    expect(plan.resources).toBeUndefined();
  });
});
