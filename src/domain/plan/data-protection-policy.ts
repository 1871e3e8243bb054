import type { BedrockMonitorSpec, DataProtectionSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '../json.ts';
import { policyName } from '../names.ts';
import { identifierARN, inCategories, isListed } from './managed-identifiers.ts';
import { blocked, listed, noted } from './remark.ts';
import type { Facts, Plan, Remark } from './types.ts';

const PATH = 'dataProtection';

/**
 * The masking policy of the log group that receives the records. It waits for that group only: findings that cannot
 * be delivered must not cost the masking, so the findings group merely comes earlier in the plan.
 */
export function planDataProtection(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const protection = spec.dataProtection;
  if (protection === undefined) return {};
  const group = spec.invocationLogging?.cloudWatchLogs?.logGroup.name;
  if (group === undefined) {
    const message =
      'dataProtection masks a CloudWatch log group, and this monitor has none: set invocationLogging.cloudWatchLogs (records in S3 cannot be masked)';
    return { remarks: [blocked('DataProtection', PATH, 'InvalidSpec', message)], keep: ['DataProtection'] };
  }
  const nothing = masksNothing(protection);
  if (nothing !== undefined)
    return { remarks: [blocked('DataProtection', PATH, 'InvalidSpec', nothing)], keep: ['DataProtection'] };
  return {
    resources: [
      {
        resource: { kind: 'DataProtectionPolicy', name: group, document: document(protection, facts) },
        part: 'DataProtection',
        path: PATH,
        after: [{ kind: 'LogGroup', name: group }],
      },
    ],
    remarks: notes(spec, protection),
  };
}

/**
 * CloudWatch Logs takes exactly an Audit and then a Deidentify statement over the same identifiers, and its keys only
 * capitalised (PutDataProtectionPolicy; aws-cdk issues 33408 and 33557).
 */
function document(protection: DataProtectionSpec, facts: Facts): JsonObject {
  const custom = (protection.customIdentifiers ?? []).map(({ name, regex }) => ({ Name: name, Regex: regex }));
  const managed = managedIn(protection).map((name) => identifierARN(facts.place.partition, name));
  const identifiers = [...new Set([...managed, ...custom.map(({ Name }) => Name)])].sort();
  return {
    Name: policyName(facts.owner, facts.place),
    Description: `Masks Bedrock invocation records, as declared by BedrockMonitor ${facts.owner.namespace}/${facts.owner.name}`,
    Version: '2021-06-01',
    ...(custom.length > 0 && { Configuration: { CustomDataIdentifier: custom } }),
    Statement: [
      {
        Sid: 'audit',
        DataIdentifier: identifiers,
        Operation: { Audit: { FindingsDestination: findingsDestination(protection.findings) } },
      },
      { Sid: 'mask', DataIdentifier: identifiers, Operation: { Deidentify: { MaskConfig: {} } } },
    ],
  };
}

function managedIn({ identifiers = [], categories = [], countries }: DataProtectionSpec): readonly string[] {
  return [...identifiers, ...inCategories(categories, countries)];
}

/** A policy without identifiers is none: AWS refuses it. The schema cannot tell, it does not know the catalogue. */
export function masksNothing(protection: DataProtectionSpec): string | undefined {
  if (managedIn(protection).length > 0 || (protection.customIdentifiers ?? []).length > 0) return undefined;
  const { categories = [], countries = [] } = protection;
  return `dataProtection masks nothing: no identifier of ${categories.join(', ')} is for ${countries.join(', ')}. Name other countries or categories, or identifiers`;
}

function findingsDestination(findings: DataProtectionSpec['findings']): JsonObject {
  return {
    ...(findings?.logGroup && { CloudWatchLogs: { LogGroup: findings.logGroup.name } }),
    ...(findings?.s3 && { S3: { Bucket: findings.s3.bucketName } }),
    ...(findings?.firehose && { Firehose: { DeliveryStream: findings.firehose.deliveryStreamName } }),
  };
}

function notes(spec: BedrockMonitorSpec, protection: DataProtectionSpec): readonly Remark[] {
  const unlisted = (protection.identifiers ?? []).filter((name) => !isListed(name));
  const inS3 = [
    ...(spec.invocationLogging?.s3 ? ['s3'] : []),
    ...(spec.invocationLogging?.cloudWatchLogs?.largeDataDelivery ? ['largeDataDelivery'] : []),
  ];
  return [
    ...(inS3.length > 0 && protection.s3Bodies === 'AcceptUnmasked'
      ? [
          noted(
            'DataProtection',
            PATH,
            'MaskedInLogGroupOnly',
            `the log group is masked; bodies delivered to S3 (${inS3.join(', ')}) are stored unmasked, as dataProtection.s3Bodies accepts`,
          ),
        ]
      : []),
    ...(unlisted.length > 0
      ? [
          noted(
            'DataProtection',
            `${PATH}/identifiers`,
            'UnlistedIdentifier',
            `this release does not list ${listed(unlisted)}; AWS decides whether it knows them`,
          ),
        ]
      : []),
  ];
}
