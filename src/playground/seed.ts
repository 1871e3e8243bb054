import type { Aws } from './aws/simulator.ts';
import type { AccessEntry } from './cluster.ts';

/** The operator's own AWS account in the playground. */
export const ownAccountID = '111122223333';
/** The name of the playground's cluster: part of every name in AWS and of the ExternalId. */
export const clusterName = 'playground';

const clinicalAccountID = '444455556666';

/** The topics that examples notify, by account and Region. */
const topics = [
  [ownAccountID, 'us-west-2', ['genai']],
  [ownAccountID, 'eu-central-1', ['search-pager']],
  [ownAccountID, 'eu-west-1', ['page', 'ticket', 'mailbox']],
  [clinicalAccountID, 'us-west-2', ['on-call']],
] as const;

/**
 * What the operator uses and never makes: roles that Bedrock writes with, a KMS key, buckets and topics, in two
 * accounts. The examples name these; whatever else a monitor names is not there.
 */
export function seedAws(aws: Aws): void {
  const own = aws.account(ownAccountID);
  own.bucket('us-west-2', `bedrock-logging-${ownAccountID}-us-west-2`);

  // The operator comes into the other account by a role that admits it on behalf of one namespace only.
  const clinical = aws.account(clinicalAccountID);
  clinical.assumableRole({
    name: 'bedrock-monitor',
    trusted: `arn:aws:iam::${ownAccountID}:root`,
    externalID: `${clusterName}/health`,
  });
  clinical.key('us-west-2', { id: '1a2b3c4d-1111-2222-3333-444455556666' });
  for (const name of ['clinical-bedrock-large', 'clinical-bedrock-records', 'clinical-findings']) {
    clinical.bucket('us-west-2', name);
  }

  // One role an account, for all its Regions and groups: monitors that are written while this runs can use it too.
  for (const account of [own, clinical]) {
    account.loggingRole({ name: 'BedrockCloudWatchLogs', path: '/bedrockmonitor/', region: '*', logGroup: '*' });
  }
  for (const [account, region, names] of topics) for (const name of names) aws.account(account).topic(region, name);
}

/** Which roles the platform lets namespaces assume, beyond the shipped list. */
export const accessEntries: readonly AccessEntry[] = [
  { namespaces: ['health'], roleARNs: [`arn:aws:iam::${clinicalAccountID}:role/bedrock-monitor`] },
];
