import type { Json, JsonObject } from '#src/domain/json.ts';
import type { FieldError } from './field-error.ts';
import { forbidden, invalid, required, tooLong } from './field-error.ts';
import type { KubernetesObject } from './json-value.ts';
import { isObject, listOf, objectOf, textOf, textsOf } from './json-value.ts';
import { labelErrors, labelProblems, qualifiedNameProblems } from './names.ts';

const annotationLimitBytes = 256 * 1024;

/** How a resource judges names: a subdomain for most. */
export type NameProblems = (name: string) => readonly string[];

/** The errors of metadata on create, and on update with `old`. */
export function validateObjectMeta(
  object: KubernetesObject,
  namespaced: boolean,
  problems: NameProblems,
  old: KubernetesObject | undefined,
): FieldError[] {
  const { metadata } = object;
  const name = textOf(metadata['name']);
  const namespace = textOf(metadata['namespace']);
  const errors: FieldError[] = [];
  const generateName = textOf(metadata['generateName']);
  if (old === undefined && generateName !== '') {
    const prefix = generateName.replace(/-$/, 'a');
    errors.push(...problems(prefix).map((problem) => invalid('metadata.generateName', generateName, problem)));
  }
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'));
  else if (old === undefined) errors.push(...problems(name).map((problem) => invalid('metadata.name', name, problem)));
  if (namespaced && namespace === '') errors.push(required('metadata.namespace'));
  if (namespaced) errors.push(...labelProblems(namespace).map((one) => invalid('metadata.namespace', namespace, one)));
  if (!namespaced && namespace !== '') errors.push(forbidden('metadata.namespace', 'not allowed on this type'));
  errors.push(...labelErrors(stringsOf(metadata['labels']), 'metadata.labels'));
  errors.push(...annotationErrors(stringsOf(metadata['annotations'])));
  errors.push(...finalizerErrors(textsOf(metadata['finalizers'])));
  errors.push(...listOf(metadata['ownerReferences']).flatMap((owner) => ownerErrors(objectOf(owner))));
  return old === undefined ? errors : [...errors, ...updateErrors(metadata, old.metadata)];
}

function stringsOf(value: Json | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, text]) => [key, textOf(text)]));
}

function annotationErrors(annotations: Record<string, string>): FieldError[] {
  const field = 'metadata.annotations';
  const bytes = Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  return [
    ...Object.keys(annotations).flatMap((key) =>
      qualifiedNameProblems(key.toLowerCase()).map((problem) => invalid(field, key, problem)),
    ),
    ...(bytes > annotationLimitBytes ? [tooLong(field, annotationLimitBytes)] : []),
  ];
}

function finalizerErrors(finalizers: readonly string[]): FieldError[] {
  const field = 'metadata.finalizers';
  return finalizers.flatMap((one) => qualifiedNameProblems(one).map((problem) => invalid(field, one, problem)));
}

function ownerErrors(owner: JsonObject): FieldError[] {
  const field = 'metadata.ownerReferences';
  return [
    ...(textOf(owner['apiVersion']) === '' ? [invalid(`${field}.apiVersion`, '', 'version must not be empty')] : []),
    ...['kind', 'name', 'uid']
      .filter((key) => textOf(owner[key]) === '')
      .map((key) => invalid(`${field}.${key}`, '', 'must not be empty')),
  ];
}

function updateErrors(metadata: JsonObject, old: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  if (old['deletionTimestamp'] !== undefined) {
    const before = textsOf(old['finalizers']);
    const added = textsOf(metadata['finalizers'])
      .filter((one) => !before.includes(one))
      .sort();
    if (added.length > 0) {
      const list = `[]string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
      const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
      errors.push(forbidden('metadata.finalizers', detail));
    }
  }
  for (const key of ['name', 'namespace', 'uid']) {
    if (textOf(metadata[key]) !== textOf(old[key])) {
      errors.push(invalid(`metadata.${key}`, metadata[key] ?? '', 'field is immutable'));
    }
  }
  return errors;
}

const standardFinalizers = ['orphan', 'foregroundDeletion', 'kubernetes'];

/** What the API server warns of in finalizers that were not there before: names without a domain or without a path. */
export function finalizerWarnings(
  object: KubernetesObject,
  old: KubernetesObject | undefined,
  { custom }: { readonly custom: boolean },
): string[] {
  const before = textsOf(old?.metadata['finalizers']);
  if (!custom) return [];
  return textsOf(object.metadata['finalizers'])
    .filter((name) => !before.includes(name) && !name.includes('/') && !standardFinalizers.includes(name))
    .map((name) => {
      const better = name.includes('.') ? 'finalizer name including a path (/)' : 'finalizer name';
      return `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified ${better} to avoid accidental conflicts with other finalizer writers`;
    });
}

/** Why metadata cannot be read as ObjectMeta at all (a 400, before validation); undefined if it can. */
export function objectMetaProblem(metadata: Json | undefined): string | undefined {
  if (metadata === undefined) return undefined;
  if (!isObject(metadata)) return 'json: cannot unmarshal metadata into Go value of type v1.ObjectMeta';
  for (const key of ['labels', 'annotations']) {
    const value = metadata[key];
    if (value === undefined || value === null) continue;
    const bad = isObject(value)
      ? Object.values(value).find((text) => typeof text !== 'string' && text !== null)
      : value;
    if (bad === undefined) continue;
    const found = typeof bad === 'boolean' ? 'bool' : Array.isArray(bad) ? 'array' : typeof bad;
    return `json: cannot unmarshal ${found} into Go struct field ObjectMeta.${key} of type string`;
  }
  for (const key of ['name', 'generateName', 'namespace', 'uid', 'resourceVersion']) {
    const value = metadata[key];
    if (value === undefined || value === null || typeof value === 'string') continue;
    return `json: cannot unmarshal ${typeof value} into Go struct field ObjectMeta.${key} of type string`;
  }
  return undefined;
}
