import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { attachedGroup } from './attached-group.ts';
import type { Facts, Plan } from './types.ts';

/** The indexed fields of the log group that receives the records; none declared: nothing is planned. */
export function planFieldIndexes(spec: BedrockMonitorSpec, _facts: Facts): Partial<Plan> {
  const group = attachedGroup(spec);
  const fields = spec.invocationLogging?.cloudWatchLogs?.fieldIndexes ?? [];
  if (group === undefined || fields.length === 0) return {};
  return {
    resources: [
      {
        resource: { kind: 'FieldIndexPolicy', name: group.name, fields: [...new Set(fields)].sort() },
        part: 'Logging',
        path: 'invocationLogging/fieldIndexes',
        after: group.after,
      },
    ],
  };
}
