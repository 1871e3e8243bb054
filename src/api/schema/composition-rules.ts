import { inRegion } from './alarm-spec-rules.ts';
import { ALARM_ARN } from './composite-alarms.ts';
import type { Rule } from './shape.ts';

/** CEL: whether `name` is the name of an entry of `list`. */
const named = (list: string, name: string): string =>
  `(has(self.${list}) && self.${list}.exists(entry, entry.name == ${name}))`;

const isARN = (name: string): string => `${name}.matches('${ALARM_ARN}')`;

/** CEL over the members that `path` of a composite names. */
function membersKnown(path: string, given: string): Rule {
  const known = `${isARN('name')} || ${named('alarms', 'name')} || ${named('slos', 'name')}`;
  return {
    rule: `!has(self.compositeAlarms) || self.compositeAlarms.all(composite, !${given} || composite.${path}.all(name, ${known}))`,
    message: `compositeAlarms.${path} must name alarms or slos of this monitor, or be alarm ARNs; a composite cannot name another composite (write the combined rule), so there is never a cycle`,
    fieldPath: '.compositeAlarms',
  };
}

/** Rules between composite alarms, slos and mute rules and what they name. */
export const compositionRules: readonly Rule[] = [
  {
    rule: `(!has(self.compositeAlarms) || !self.compositeAlarms.exists(composite, ${named('alarms', 'composite.name')} || ${named('slos', 'composite.name')})) && (!has(self.slos) || !self.slos.exists(slo, ${named('alarms', 'slo.name')}))`,
    message: 'alarms, compositeAlarms and slos share one space of names: rename the entry that is there twice',
  },
  membersKnown('anyOf', 'has(composite.anyOf)'),
  membersKnown('allOf', 'has(composite.allOf)'),
  membersKnown('atLeast.alarms', 'has(composite.atLeast)'),
  {
    rule: `!has(self.compositeAlarms) || self.compositeAlarms.all(composite, !has(composite.actionsSuppressor) || ${isARN('composite.actionsSuppressor.alarm')} || ${named('alarms', 'composite.actionsSuppressor.alarm')})`,
    message: 'actionsSuppressor.alarm must name an alarm of this monitor, or be an alarm ARN',
    fieldPath: '.compositeAlarms',
  },
  {
    rule: `!has(self.compositeAlarms) || self.compositeAlarms.all(composite, ${inRegion('composite')})`,
    message:
      'actions of compositeAlarms must be in the Region of the monitor: CloudWatch cannot notify a topic or function of another Region',
    fieldPath: '.compositeAlarms',
  },
  {
    rule: "!has(self.slos) || self.slos.all(slo, !has(slo.latency) || !has(slo.latency.metric) || slo.latency.metric != 'TimeToFirstToken' || (has(slo.models) ? slo.models.size() > 0 : has(self.models) && self.models.size() > 0))",
    message: 'an slo over TimeToFirstToken needs models: AWS documents its metric per model only',
    fieldPath: '.slos',
  },
  {
    rule: `!has(self.muteRules) || self.muteRules.all(mute, !has(mute.alarms) || mute.alarms.all(name, ${named('alarms', 'name')} || ${named('compositeAlarms', 'name')} || ${named('slos', 'name')}))`,
    message: 'muteRules.alarms must name alarms, compositeAlarms or slos of this monitor',
    fieldPath: '.muteRules',
  },
];
