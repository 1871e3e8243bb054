import type { Aws } from './aws/simulator.ts';
import type { AccessEntry } from './cluster.ts';

/** The operator's own AWS account in the playground. */
export const ownAccountID = '111122223333';
/** The name of the playground's cluster: part of every name in AWS and of the ExternalId. */
export const clusterName = 'playground';

const clinicalAccountID = '444455556666';

/**
 * What the operator may be asked to use but never makes: roles that Bedrock writes with, KMS keys, buckets and topics, in
 * two accounts. The examples name these; nothing else is there to be found.
 */
export function seedAws(aws: Aws): void {
  const own = aws.account(ownAccountID);
  for (const region of ['us-east-1', 'us-west-2', 'eu-central-1']) {
    own.bucket(region, `bedrock-logging-${ownAccountID}-${region}`);
    own.topic(region, 'genai');
  }
  // One role for all Regions and groups of the account, as platform teams have it.
  own.loggingRole({ name: 'BedrockCloudWatchLogs', path: '/bedrockmonitor/', region: '*', logGroup: '/aws/bedrock*' });

  // Another account: the operator comes in by a role that admits it for one namespace only.
  const clinical = aws.account(clinicalAccountID);
  clinical.assumableRole({
    name: 'bedrock-monitor',
    trusted: `arn:aws:iam::${ownAccountID}:root`,
    externalID: `${clusterName}/health`,
  });
  clinical.loggingRole({
    name: 'bedrock-logging',
    path: '/bedrockmonitor/',
    region: 'us-west-2',
    logGroup: '/aws/bedrock/clinical*',
  });
  clinical.key('us-west-2', { id: '1a2b3c4d-1111-2222-3333-444455556666' });
  for (const bucket of ['clinical-bedrock-large', 'clinical-bedrock-records', 'clinical-findings']) {
    clinical.bucket('us-west-2', bucket);
  }
  clinical.topic('us-west-2', 'privacy');
}

/** Which roles the platform lets namespaces assume, beyond the shipped list. */
export const accessEntries: readonly AccessEntry[] = [
  { namespaces: ['health'], roleARNs: [`arn:aws:iam::${clinicalAccountID}:role/bedrock-monitor`] },
];
