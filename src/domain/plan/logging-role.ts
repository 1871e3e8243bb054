import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { bedrockTrust, deliveryPermission } from '../bedrock-access.ts';
import type { JsonObject } from '../json.ts';
import { roleToMake, switchedOff } from './delivery.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Plan } from './types.ts';

const path = 'invocationLogging/role';

/** The role that Bedrock writes to the log group with, where the spec asks for one to be made. */
export function planLoggingRole(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const logs = spec.invocationLogging?.cloudWatchLogs;
  const made = logs && roleToMake(logs.role, facts);
  if (logs === undefined || made === undefined) return {};
  const off = switchedOff('LoggingRole', path, facts);
  if (off !== undefined) return { remarks: [off], keep: ['Logging'] };
  const boundary = logs.role.create?.permissionsBoundaryARN;
  return {
    resources: [
      {
        resource: {
          kind: 'LoggingRole',
          ...made,
          ...(boundary !== undefined && { permissionsBoundaryARN: boundary }),
          trust: policy(bedrockTrust(facts.place)),
          permissions: policy(deliveryPermission(facts.place, logs.logGroup.name)),
          tags: declaredTags(facts.owner, spec.tags),
        },
        part: 'Logging',
        path,
        after: [],
      },
    ],
  };
}

function policy(statement: JsonObject): JsonObject {
  return { Version: '2012-10-17', Statement: [statement] };
}
