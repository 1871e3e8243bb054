import type { Kind, ResourceRef } from './resource.ts';

/**
 * What rests on another goes before it: mute rules and composites name alarms, alarms rest on trained models (which
 * CloudWatch would make anew), and what is attached to a log group goes before the group. All others go in between.
 */
const order: readonly (readonly Kind[])[] = [
  ['AlarmMuteRule', 'CompositeAlarm'],
  [],
  ['AnomalyDetector'],
  ['LogGroup'],
];
const BETWEEN = order.findIndex((kinds) => kinds.length === 0);

/** Resources to be taken leave of, in groups: each is begun when the one before it is through. */
export function inRemovalOrder(refs: readonly ResourceRef[]): readonly (readonly ResourceRef[])[] {
  const place = ({ kind }: ResourceRef) => {
    const found = order.findIndex((kinds) => kinds.includes(kind));
    return found < 0 ? BETWEEN : found;
  };
  // What was made later may rest on what was made before it: a composite on those of slos.
  const [first = [], ...rest] = order.map((_, index) => refs.filter((ref) => place(ref) === index));
  return [first.toReversed(), ...rest].filter((group) => group.length > 0);
}
