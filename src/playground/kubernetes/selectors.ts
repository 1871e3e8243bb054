import { quote } from './field-error.ts';
import { readJsonPath } from './json-path.ts';
import type { KubernetesObject } from './json-value.ts';
import { at, objectOf, textOf } from './json-value.ts';
import type { ResourceType } from './resource-type.ts';
import { badRequest } from './status-error.ts';

/** Whether an object is wanted. */
export type Selector = (object: KubernetesObject) => boolean;

/** `app=a,tier!=b,env in (x,y),!legacy`, as `labelSelector` has it. Throws 400 where it does not parse. */
export function parseLabelSelector(text: string): Selector {
  const requirements = splitTopLevel(text).map(parseRequirement);
  return (object) => {
    const labels = objectOf(object.metadata['labels']);
    return requirements.every((matches) => matches((key) => (key in labels ? textOf(labels[key]) : undefined)));
  };
}

type Requirement = (label: (key: string) => string | undefined) => boolean;

function splitTopLevel(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseRequirement(text: string): Requirement {
  const set = /^([^\s!=()]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    const wanted = operator === 'in';
    return (label) => {
      const value = label(key);
      return value === undefined ? !wanted : values.includes(value) === wanted;
    };
  }
  const pair = /^([^\s!=()]+)\s*(==|=|!=)\s*([^\s!=()]*)$/.exec(text);
  if (pair) {
    const [, key = '', operator, value] = pair;
    return (label) => (label(key) === value) === (operator !== '!=');
  }
  const bare = /^(!?)\s*([^\s!=()]+)$/.exec(text);
  if (bare) {
    const [, not, key = ''] = bare;
    return (label) => (label(key) === undefined) === (not === '!');
  }
  throw badRequest(`unable to parse requirement: ${quote(text)} is no label selector`);
}

/** `metadata.name=a,spec.region!=b`, as `fieldSelector` has it. Throws 400 for a field that cannot be selected by. */
export function parseFieldSelector(text: string, type: ResourceType): Selector {
  const terms = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => parseTerm(part, type));
  return (object) => terms.every((matches) => matches(object));
}

function parseTerm(text: string, type: ResourceType): Selector {
  const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(text);
  if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const [, field = '', operator, value = ''] = match;
  const read = fieldReader(field, type);
  return (object) => (read(object) === value) === (operator !== '!=');
}

function fieldReader(field: string, type: ResourceType): (object: KubernetesObject) => string {
  const known =
    field === 'metadata.name' ||
    (field === 'metadata.namespace' && type.namespaced) ||
    type.selectableFields.includes(`.${field}`);
  if (!known) throw badRequest(`field label not supported: ${field}`);
  if (field.startsWith('metadata.')) return (object) => textOf(at(object, ...field.split('.')));
  return (object) => {
    const [found] = readJsonPath(object, `.${field}`);
    return typeof found === 'object' || found === undefined ? '' : String(found);
  };
}
