import type { NotificationsSpec } from '#src/api/v1alpha1.ts';
import type { TagsPropagation } from '../resource.ts';

/** Which tags of every alarm go into its notifications; undefined: the spec does not say, and AWS's value stays. */
export function tagsPropagation(notifications: NotificationsSpec | undefined): TagsPropagation | undefined {
  const { includedTagKeys, excludedTagKeys } = notifications?.alarmTagsPropagation ?? {};
  if (notifications?.alarmTagsPropagation === undefined) return undefined;
  return {
    enabled: true,
    ...(includedTagKeys && { includedTagKeys: [...new Set(includedTagKeys)].sort() }),
    ...(excludedTagKeys && { excludedTagKeys: [...new Set(excludedTagKeys)].sort() }),
  };
}
