import { describe } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Scenario } from '#test/support/crash-sweep.ts';
import { sweep } from '#test/support/crash-sweep.ts';
import { REGION } from '#test/support/world.ts';

const alarm = (name: string) => ({ name, preset: 'Throttling' as const });
const alone = (): BedrockMonitorSpec => ({ region: REGION });
const composed = (): BedrockMonitorSpec => ({
  ...alone(),
  alarms: [alarm('one'), alarm('two')],
  compositeAlarms: [{ name: 'any', anyOf: ['one', 'two'] }],
  muteRules: [{ name: 'nights', cron: '0 2 * * *', duration: '1h' }],
});
const renamed = (): BedrockMonitorSpec => ({
  ...composed(),
  alarms: [alarm('one'), alarm('three')],
  compositeAlarms: [{ name: 'any', anyOf: ['one', 'three'] }],
});
const shrunk = (): BedrockMonitorSpec => ({
  ...alone(),
  alarms: [alarm('one')],
  compositeAlarms: [{ name: 'any', anyOf: ['one'] }],
});
const objective = (): BedrockMonitorSpec => ({
  ...alone(),
  slos: [{ name: 'goal', objective: 99, errors: {} }],
  compositeAlarms: [{ name: 'any', anyOf: ['goal'] }],
});

const scenarios: readonly Scenario[] = [
  { name: 'the making of a composite and a mute rule', before: alone, after: composed },
  { name: 'the renaming of an alarm that a composite names', before: composed, after: renamed },
  { name: 'the removal of an alarm that a composite names', before: composed, after: shrunk },
  { name: 'the removal of composite, slo and burn rates', before: objective, after: alone },
  { name: 'the deletion of a monitor with composites', before: composed, after: () => undefined },
];

describe('a crash', () => {
  sweep(scenarios);
});
