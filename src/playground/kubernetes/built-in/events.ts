import type { Json, JsonObject } from '#src/domain/json.ts';
import type { FieldError } from '../field-error.ts';
import { invalid, required } from '../field-error.ts';
import type { KubernetesObject } from '../json-value.ts';
import { at, equal, textOf, without } from '../json-value.ts';
import { qualifiedNameProblems } from '../names.ts';

/** Member of events.k8s.io/v1 → member of core/v1. Everything else is called the same. */
const coreNames: Readonly<Record<string, string>> = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
};
const eventsNames = Object.fromEntries(Object.entries(coreNames).map(([events, core]) => [core, events]));

/** Members of the Go type that are never left out. */
export const coreEventZero: JsonObject = {
  involvedObject: {},
  source: {},
  eventTime: null,
  firstTimestamp: null,
  lastTimestamp: null,
  reportingComponent: '',
  reportingInstance: '',
};

/** The same of events.k8s.io/v1. */
export const eventZero: JsonObject = {
  regarding: {},
  eventTime: null,
  deprecatedSource: {},
  deprecatedFirstTimestamp: null,
  deprecatedLastTimestamp: null,
};

/** Events are stored as core/v1 has them; this is the events.k8s.io/v1 view. */
export function asEventsV1(stored: KubernetesObject): KubernetesObject {
  const event = renamed(stored, eventsNames);
  const empty = ['reportingController', 'reportingInstance'].filter((key) => event[key] === '');
  return { ...withoutMembers(event, empty), apiVersion: 'events.k8s.io/v1' };
}

export function asCoreV1(event: KubernetesObject): KubernetesObject {
  return { ...coreEventZero, ...renamed(event, coreNames), apiVersion: 'v1' };
}

function withoutMembers(event: KubernetesObject, keys: readonly string[]): KubernetesObject {
  return { ...without(event, ...keys), apiVersion: event.apiVersion, kind: event.kind, metadata: event.metadata };
}

function renamed(object: KubernetesObject, names: Readonly<Record<string, string>>): KubernetesObject {
  const entries = Object.entries(object).map(([key, value]): [string, Json] => [names[key] ?? key, value]);
  const members: JsonObject = Object.fromEntries(entries);
  return { ...members, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
}

/** Field errors speak of the core/v1 names, but for the controller. */
function errorName(key: string): string {
  return key === 'reportingController' ? key : (coreNames[key] ?? key);
}

/** What an Event of events.k8s.io/v1 must have (k8s.io/kubernetes `ValidateEventCreate` and `ValidateEventUpdate`). */
export function validateEventsV1(event: KubernetesObject, old: KubernetesObject | undefined): FieldError[] {
  if (old !== undefined) {
    return ['regarding', 'reason', 'note', 'action', 'related', 'reportingController', 'reportingInstance', 'type']
      .filter((key) => !equal(event[key], old[key]))
      .map((key) => invalid(errorName(key), event[key] ?? '', 'field is immutable'));
  }
  const errors: FieldError[] = [];
  if (textOf(event['eventTime']) === '') errors.push(required('eventTime'));
  else errors.push(...newStyle(event, 'reportingController', 'note'));
  const type = textOf(event['type']);
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalid('type', '', `has invalid value: ${type}`));
  const deprecated = ['deprecatedFirstTimestamp', 'deprecatedLastTimestamp', 'deprecatedCount', 'deprecatedSource'];
  for (const key of deprecated.filter((one) => isSet(event[one]))) {
    errors.push(invalid(errorName(key), '', 'needs to be unset'));
  }
  return [...errors, ...seriesErrors(event)];
}

function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && !equal(value, {});
}

function seriesErrors(event: KubernetesObject): FieldError[] {
  if (event['series'] === undefined) return [];
  const count = at(event, 'series', 'count');
  const errors: FieldError[] = [];
  if (typeof count !== 'number' || count < 2) errors.push(invalid('series.count', '', 'should be at least 2'));
  if (textOf(at(event, 'series', 'lastObservedTime')) === '') errors.push(required('series.lastObservedTime'));
  return errors;
}

/** Old-style events need little; with eventTime they are judged like new ones. */
export function validateCoreEvent(event: KubernetesObject): FieldError[] {
  if (textOf(event['eventTime']) !== '') return newStyle(event, 'reportingComponent', 'message');
  const namespace = textOf(event.metadata['namespace']);
  const about = textOf(at(event, 'involvedObject', 'namespace'));
  if (about === namespace || (about === '' && namespace === 'default')) return [];
  return [invalid('involvedObject.namespace', about, 'does not match event.namespace')];
}

function newStyle(event: KubernetesObject, controller: string, note: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = textOf(event[controller]);
  if (name === '') errors.push(required(controller));
  errors.push(...qualifiedNameProblems(name).map((problem) => invalid(controller, name, problem)));
  for (const key of ['reportingInstance', 'action', 'reason']) {
    const value = textOf(event[key]);
    if (value === '') errors.push(required(key));
    if (value.length > 128) errors.push(invalid(key, '', 'can have at most 128 characters'));
  }
  if (textOf(event[note]).length > 1024) errors.push(invalid('message', '', 'can have at most 1024 characters'));
  return errors;
}
