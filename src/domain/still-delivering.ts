import { recordsStream } from './bedrock-access.ts';
import type { JsonObject } from './json.ts';
import { listOf, objectOf } from './json.ts';
import type { LoggingConfiguration } from './logging-configuration.ts';
import { logGroupOf, roleOf } from './logging-configuration.ts';
import type { Place } from './owner.ts';
import type { Planned } from './plan.ts';
import { isOfKind } from './plan.ts';

/**
 * A role that is made, as it has to be while Bedrock still delivers by `live`, a configuration of ours that an edit is
 * about to replace: where the move to another log group is waited for, or refused, no record is lost. The very same
 * object where Bedrock delivers to no other group with it.
 */
export function stillDelivering(planned: Planned, live: LoggingConfiguration | undefined, place: Place): Planned {
  const group = logGroupOf(live);
  if (!isOfKind(planned, 'LoggingRole') || group === undefined) return planned;
  const { resource } = planned;
  const [statement] = listOf(resource.permissions['Statement']).map(objectOf);
  const { Resource: own } = statement ?? {};
  const other = recordsStream(place, group);
  // Names of roles are unique whatever their path.
  if (typeof own !== 'string' || own === other || roleOf(live)?.split('/').at(-1) !== resource.name) return planned;
  const both: JsonObject = { ...statement, Resource: [own, other].sort() };
  return {
    ...planned,
    resource: { ...resource, permissions: { ...resource.permissions, Statement: [both] } },
  };
}
