import type { JsonObject } from '#src/domain/json.ts';
import { AwsError, validationError } from './errors.ts';
import { flag, text, texts } from './members.ts';
import type { Scope } from './operation.ts';
import type { Alarm } from './state.ts';
import { newTags, tagEntries } from './tags.ts';

/**
 * What all puts of alarms have in common: one space of names for all kinds, one count, and a silent, full overwrite that
 * keeps the state and does not look at tags. Answers how to store the configuration, once it has been checked.
 */
export function alarmPut(kind: Alarm['kind'], input: JsonObject, scope: Scope): (configuration: JsonObject) => void {
  const name = text(input, 'AlarmName') ?? '';
  const { alarms } = scope.region;
  const existing = alarms.get(name);
  if (existing && existing.kind !== kind) {
    throw validationError(`An alarm of another type with the name ${name} exists.`);
  }
  return (configuration) => {
    const tags = newTags(tagEntries(input), validationError);
    if (!existing && alarms.size >= scope.countLimit('Alarms')) throw limitExceeded('alarms');
    scope.changing(alarms, name);
    if (existing) {
      existing.configuration = configuration;
      existing.configurationUpdatedAt = scope.now;
      return;
    }
    alarms.set(name, {
      kind,
      name,
      configuration,
      tags,
      configurationUpdatedAt: scope.now,
      state: 'INSUFFICIENT_DATA',
      stateReason: 'Unchecked: Initial alarm creation',
      stateReasonData: undefined,
      stateUpdatedAt: scope.now,
      stateTransitionedAt: scope.now,
    });
  };
}

/** The members that every kind of alarm has. */
export function alarmActions(input: JsonObject): JsonObject {
  return {
    ActionsEnabled: flag(input, 'ActionsEnabled') ?? true,
    OKActions: texts(input, 'OKActions'),
    AlarmActions: texts(input, 'AlarmActions'),
    InsufficientDataActions: texts(input, 'InsufficientDataActions'),
  };
}

export function limitExceeded(what: string): AwsError {
  return new AwsError('LimitExceededFault', `The maximum limit for ${what} has been reached.`, {
    queryCode: 'LimitExceeded',
  });
}
