import type { Schema } from '../schema/structural-schema.ts';

const text: Schema = { type: 'string' };
const integer: Schema = { type: 'integer', format: 'int32' };
const time: Schema = { type: 'string', format: 'date-time', nullable: true };
const flag: Schema = { type: 'boolean' };
const texts: Schema = { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' };
const textMap: Schema = { type: 'object', additionalProperties: text };
/** metav1.MicroTime: exactly six fractional digits, unlike every other time of the API. */
const microTime: Schema = { type: 'string', format: 'micro-time', nullable: true };
const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const objectReference: Schema = {
  type: 'object',
  'x-kubernetes-map-type': 'atomic',
  properties: {
    apiVersion: text,
    kind: text,
    namespace: text,
    name: text,
    uid: text,
    resourceVersion: text,
    fieldPath: text,
  },
};

const condition: Schema = {
  type: 'object',
  properties: { type: text, status: text, reason: text, message: text, lastTransitionTime: time },
};

export const namespaceSchema: Schema = {
  type: 'object',
  description: 'Namespace provides a scope for Names.',
  properties: {
    spec: { type: 'object', properties: { finalizers: texts } },
    status: {
      type: 'object',
      properties: {
        phase: text,
        conditions: {
          type: 'array',
          items: condition,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
        },
      },
    },
  },
};

export const configMapSchema: Schema = {
  type: 'object',
  description: 'ConfigMap holds configuration data for pods to consume.',
  properties: {
    data: { ...textMap, description: 'Keys and values in UTF-8.' },
    binaryData: { type: 'object', additionalProperties: { type: 'string', format: 'byte' } },
    immutable: flag,
  },
};

export const secretSchema: Schema = {
  type: 'object',
  description: 'Secret holds secret data of a certain type.',
  properties: {
    data: { type: 'object', additionalProperties: { type: 'string', format: 'byte' } },
    stringData: { ...textMap, description: 'Write-only: merged into data, in base64.' },
    type: text,
    immutable: flag,
  },
};

export const serviceAccountSchema: Schema = {
  type: 'object',
  description: 'ServiceAccount binds together a name and a principal that can be authenticated.',
  properties: {
    automountServiceAccountToken: flag,
    imagePullSecrets: { type: 'array', items: objectReference, 'x-kubernetes-list-type': 'atomic' },
    secrets: {
      type: 'array',
      items: objectReference,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
  },
};

export const leaseSchema: Schema = {
  type: 'object',
  description: 'Lease defines a lease concept.',
  properties: {
    spec: {
      type: 'object',
      properties: {
        holderIdentity: { type: 'string', description: 'Identity of the holder of a current lease.' },
        leaseDurationSeconds: integer,
        acquireTime: microTime,
        renewTime: microTime,
        leaseTransitions: integer,
        strategy: text,
        preferredHolder: text,
      },
    },
  },
};

const series: Schema = { type: 'object', properties: { count: integer, lastObservedTime: microTime } };
const source: Schema = { type: 'object', properties: { component: text, host: text } };

export const coreEventSchema: Schema = {
  type: 'object',
  description: 'Event is a report of an event somewhere in the cluster.',
  properties: {
    involvedObject: objectReference,
    reason: text,
    message: text,
    source,
    firstTimestamp: time,
    lastTimestamp: time,
    count: integer,
    type: text,
    eventTime: microTime,
    series,
    action: text,
    related: objectReference,
    reportingComponent: text,
    reportingInstance: text,
  },
};

export const eventSchema: Schema = {
  type: 'object',
  description: 'Event is a report of an event somewhere in the cluster.',
  properties: {
    eventTime: microTime,
    series,
    reportingController: text,
    reportingInstance: text,
    action: text,
    reason: text,
    regarding: objectReference,
    related: objectReference,
    note: text,
    type: text,
    deprecatedSource: source,
    deprecatedFirstTimestamp: time,
    deprecatedLastTimestamp: time,
    deprecatedCount: integer,
  },
};

const names: Schema = {
  type: 'object',
  properties: { plural: text, singular: text, kind: text, listKind: text, shortNames: texts, categories: texts },
};

export const customResourceDefinitionSchema: Schema = {
  type: 'object',
  description: 'CustomResourceDefinition represents a resource that should be exposed on the API server.',
  properties: {
    spec: {
      type: 'object',
      properties: {
        group: text,
        scope: text,
        names,
        preserveUnknownFields: flag,
        conversion: open,
        versions: {
          type: 'array',
          'x-kubernetes-list-type': 'atomic',
          items: {
            type: 'object',
            properties: {
              name: text,
              served: flag,
              storage: flag,
              deprecated: flag,
              deprecationWarning: text,
              schema: { type: 'object', properties: { openAPIV3Schema: open } },
              subresources: { type: 'object', properties: { status: open, scale: open } },
              additionalPrinterColumns: {
                type: 'array',
                'x-kubernetes-list-type': 'atomic',
                items: {
                  type: 'object',
                  properties: {
                    name: text,
                    type: text,
                    format: text,
                    description: text,
                    priority: integer,
                    jsonPath: text,
                  },
                },
              },
              selectableFields: {
                type: 'array',
                'x-kubernetes-list-type': 'atomic',
                items: { type: 'object', properties: { jsonPath: text } },
              },
            },
          },
        },
      },
    },
    status: {
      type: 'object',
      properties: {
        acceptedNames: names,
        storedVersions: texts,
        observedGeneration: { type: 'integer', format: 'int64' },
        conditions: {
          type: 'array',
          items: condition,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
        },
      },
    },
  },
};
