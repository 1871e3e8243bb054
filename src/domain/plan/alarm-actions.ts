import type { AlarmEntry, NotificationsSpec } from '#src/api/v1alpha1.ts';
import { globMatch } from '../glob.ts';
import type { Place } from '../owner.ts';
import type { Severity } from './alarm-presets.ts';
import { listed } from './remark.ts';
import type { Facts } from './types.ts';

export interface AlarmActions {
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
}

/** The members of an entry that say what it sets off: alarms and composite alarms have them. */
export type Targets = Pick<AlarmEntry, 'alarmActions' | 'okActions' | 'insufficientDataActions' | 'actionsEnabled'>;

/** The entry's own actions if it has any of the three, else the route of its severity, else none. */
export function actionsOf(
  entry: Targets,
  severity: Severity,
  notifications: NotificationsSpec | undefined,
): AlarmActions {
  const own = entry.alarmActions ?? entry.okActions ?? entry.insufficientDataActions;
  const from = own === undefined ? notifications?.routes?.find((route) => route.severity === severity) : entry;
  return {
    alarmActions: [...new Set(from?.alarmActions)].sort(),
    okActions: [...new Set(from?.okActions)].sort(),
    insufficientDataActions: [...new Set(from?.insufficientDataActions)].sort(),
  };
}

/** Whether nobody hears of the alarm although nobody asked for silence: a severity without a route. */
export function isUnheard(entry: Targets, actions: AlarmActions): boolean {
  const silenced = entry.actionsEnabled === false || entry.alarmActions !== undefined;
  return !silenced && Object.values(actions).every((targets: readonly string[]) => targets.length === 0);
}

/** The targets that this namespace may not notify. SNS topics of the same account and Region need no entry in the list. */
export function refusedActions(actions: AlarmActions, place: Place, actionARNs: readonly string[]): readonly string[] {
  const all = new Set([...actions.alarmActions, ...actions.okActions, ...actions.insufficientDataActions]);
  return [...all].filter((arn) => !isOwnTopic(arn, place) && !actionARNs.some((glob) => globMatch(glob, arn)));
}

function isOwnTopic(arn: string, place: Place): boolean {
  const prefix = `arn:${place.partition}:sns:${place.region}:${place.accountID}:`;
  return arn.startsWith(prefix) && /^[A-Za-z0-9_.-]+$/.test(arn.slice(prefix.length));
}

/** What to do about them, behind the name of the entry. */
export function notAllowed(refused: readonly string[], { place, owner }: Facts): string {
  return `may not notify ${listed(refused, 3)}: use an SNS topic of account ${place.accountID} in ${place.region}, or ask the platform team to list the target under actionARNs for namespace ${owner.namespace} in the credentials ConfigMap`;
}
