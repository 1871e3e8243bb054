import type { Alarm } from '#src/playground/aws/state.ts';
import type { World } from './world.ts';
import { ACCOUNT, REGION } from './world.ts';

/** The alarm of `basicSpec`, as AWS names it. */
export const ALARM = 'bedrockmonitor/test/genai/production/throttling';

/** An alarm as AWS has it; throws where there is none. */
function alarmIn(world: World, name = ALARM): Alarm {
  const alarm = world.aws.account(ACCOUNT).region(REGION).alarms.get(name);
  if (alarm === undefined) throw new Error(`no alarm ${name}`);
  return alarm;
}

/** Somebody sets another threshold by hand. */
export function meddle(world: World, threshold = 99): void {
  const alarm = alarmIn(world);
  alarm.configuration = { ...alarm.configuration, Threshold: threshold };
}

/** What AWS has for the threshold; undefined also where there is no alarm. */
export function thresholdIn(world: World): unknown {
  return world.aws.account(ACCOUNT).region(REGION).alarms.get(ALARM)?.configuration['Threshold'];
}
