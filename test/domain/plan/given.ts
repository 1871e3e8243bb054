import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Facts, Plan } from '#src/domain/plan.ts';
import type { Kind, Resource } from '#src/domain/resource.ts';

/** Facts of monitor genai/production in cluster `test`; Bedrock delivers to nothing. */
export function facts(changes: Partial<Facts> = {}): Facts {
  return {
    owner: { cluster: 'test', namespace: 'genai', name: 'production', uid: '00000000-0000-4000-8000-000000000001' },
    place: { accountID: '111122223333', region: 'us-east-1', partition: 'aws' },
    deliveredLogGroup: { known: undefined },
    actionARNs: [],
    modelsInUse: { known: [] },
    findingsDimensions: { known: undefined },
    features: new Set(),
    ...changes,
  };
}

export function spec(members: Partial<BedrockMonitorSpec> = {}): BedrockMonitorSpec {
  return { region: 'us-east-1', ...members };
}

export const role = { arn: 'arn:aws:iam::111122223333:role/bedrockmonitor/BedrockCloudWatchLogs' };

/** Text records in one log group. */
export const logging = {
  dataTypes: ['Text'],
  cloudWatchLogs: { logGroup: { name: '/aws/bedrock/production' }, role },
} satisfies BedrockMonitorSpec['invocationLogging'];

/** The planned resources of one kind, in order. */
export function planned<K extends Kind>(kind: K, plan: Partial<Plan>): Resource<K>[] {
  return (plan.resources ?? []).map((one) => one.resource).filter((one): one is Resource<K> => one.kind === kind);
}

/** Reason and path of each remark, notes marked. */
export function remarks(plan: Partial<Plan>): string[] {
  return (plan.remarks ?? []).map((one) => `${one.reason}${one.note ? ' (note)' : ''} ${one.path}`);
}
