import type { FieldError } from '../field-error.ts';
import { invalid } from '../field-error.ts';
import type { KubernetesObject } from '../json-value.ts';
import { at, equal, objectOf, textOf, without } from '../json-value.ts';
import { labelProblems } from '../names.ts';
import type { ResourceType } from '../resource-type.ts';
import { withTypeAndObjectMeta } from '../schema/object-meta-schema.ts';
import type { Schema } from '../schema/structural-schema.ts';
import * as columns from './columns.ts';
import { prepareDefinition, validateDefinition } from './custom-resource-definition.ts';
import { asCoreV1, asEventsV1, coreEventZero, eventZero, validateCoreEvent, validateEventsV1 } from './events.ts';
import * as schemas from './schemas.ts';

type Part = Partial<ResourceType> & Pick<ResourceType, 'kind' | 'plural' | 'columns'>;

function builtIn(group: string, schema: Schema, part: Part): ResourceType {
  return {
    group,
    version: 'v1',
    listKind: `${part.kind}List`,
    singular: part.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    storedAs: `${group}/${part.plural}`,
    schema: withTypeAndObjectMeta(schema),
    statusSubresource: false,
    countsGeneration: false,
    unconditionalUpdate: true,
    selectableFields: [],
    custom: false,
    ...part,
  };
}

const eventFields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

export const namespaces = builtIn('', schemas.namespaceSchema, {
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  statusSubresource: true,
  columns: columns.namespaceColumns,
  selectableFields: ['.status.phase'],
  nameProblems: labelProblems,
  prepare: prepareNamespace,
});

export const customResourceDefinitions = builtIn('apiextensions.k8s.io', schemas.customResourceDefinitionSchema, {
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  statusSubresource: true,
  countsGeneration: true,
  columns: columns.customResourceDefinitionColumns,
  prepare: prepareDefinition,
  validate: validateDefinition,
});

/** Everything that is there without a CRD. */
export const builtInResources: readonly ResourceType[] = [
  namespaces,
  customResourceDefinitions,
  builtIn('', schemas.configMapSchema, {
    kind: 'ConfigMap',
    plural: 'configmaps',
    shortNames: ['cm'],
    columns: columns.configMapColumns,
    validate: validateImmutable,
  }),
  builtIn('', schemas.secretSchema, {
    kind: 'Secret',
    plural: 'secrets',
    columns: columns.secretColumns,
    selectableFields: ['.type'],
    prepare: prepareSecret,
    validate: (secret, old) => [
      ...validateImmutable(secret, old),
      ...(old !== undefined && textOf(secret['type']) !== textOf(old['type'])
        ? [invalid('type', textOf(secret['type']), 'field is immutable')]
        : []),
    ],
  }),
  builtIn('', schemas.serviceAccountSchema, {
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    columns: columns.serviceAccountColumns,
  }),
  builtIn('coordination.k8s.io', schemas.leaseSchema, {
    kind: 'Lease',
    plural: 'leases',
    columns: columns.leaseColumns,
    unconditionalUpdate: false,
    createOnUpdate: true,
    alwaysPresent: { spec: {} },
    validate: validateLease,
  }),
  builtIn('', schemas.coreEventSchema, {
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    createOnUpdate: true,
    columns: columns.eventColumns({
      regarding: 'involvedObject',
      note: 'message',
      last: 'lastTimestamp',
      source: 'reportingComponent',
    }),
    selectableFields: [
      ...eventFields.map((key) => `.involvedObject.${key}`),
      '.reason',
      '.reportingComponent',
      '.source',
      '.type',
    ],
    alwaysPresent: coreEventZero,
    prepare: (event) => ({ ...coreEventZero, ...event }),
    validate: validateCoreEvent,
  }),
  builtIn('events.k8s.io', schemas.eventSchema, {
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    createOnUpdate: true,
    storedAs: '/events',
    alwaysPresent: eventZero,
    invalidAs: { group: '', kind: 'Event' },
    columns: columns.eventColumns({
      regarding: 'regarding',
      note: 'note',
      last: 'deprecatedLastTimestamp',
      source: 'reportingController',
    }),
    selectableFields: [...eventFields.map((key) => `.regarding.${key}`), '.reason', '.reportingController', '.type'],
    validate: validateEventsV1,
    fromStored: asEventsV1,
    toStored: asCoreV1,
  }),
];

/** The namespace itself is active at once; nothing but its deletion changes that. */
function prepareNamespace(object: KubernetesObject, old: KubernetesObject | undefined): KubernetesObject {
  const labels = {
    ...objectOf(object.metadata['labels']),
    'kubernetes.io/metadata.name': textOf(object.metadata['name']),
  };
  return {
    ...object,
    metadata: { ...object.metadata, labels },
    spec: objectOf(old?.['spec'] ?? { finalizers: ['kubernetes'] }),
    status: objectOf(old?.['status'] ?? { phase: 'Active' }),
  };
}

/** `stringData` is write-only: it becomes base64 in `data`. */
function prepareSecret(object: KubernetesObject): KubernetesObject {
  const written = Object.entries(objectOf(object['stringData'])).map(([key, text]) => {
    return [key, Buffer.from(textOf(text)).toString('base64')] as const;
  });
  const data = { ...objectOf(object['data']), ...Object.fromEntries(written) };
  return {
    ...without(object, 'stringData', 'data'),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: object.metadata,
    ...(Object.keys(data).length === 0 ? {} : { data }),
    type: textOf(object['type']) || 'Opaque',
  };
}

function validateImmutable(object: KubernetesObject, old: KubernetesObject | undefined): FieldError[] {
  if (old?.['immutable'] !== true) return [];
  const errors = ['data', 'binaryData']
    .filter((key) => !equal(object[key], old[key]))
    .map((key) => {
      return { type: 'FieldValueForbidden' as const, field: key, detail: 'field is immutable when `immutable` is set' };
    });
  if (object['immutable'] === true) return errors;
  return [
    ...errors,
    { type: 'FieldValueForbidden', field: 'immutable', detail: 'field is immutable when `immutable` is set' },
  ];
}

function validateLease(lease: KubernetesObject): FieldError[] {
  const seconds = at(lease, 'spec', 'leaseDurationSeconds');
  const transitions = at(lease, 'spec', 'leaseTransitions');
  return [
    ...(typeof seconds === 'number' && seconds <= 0
      ? [invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
      : []),
    ...(typeof transitions === 'number' && transitions < 0
      ? [invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0')]
      : []),
  ];
}
