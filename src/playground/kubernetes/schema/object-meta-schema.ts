import type { Schema } from './structural-schema.ts';

const text: Schema = { type: 'string' };
const time: Schema = { type: 'string', format: 'date-time' };
const texts: Schema = { type: 'object', additionalProperties: text };

/** metav1.ObjectMeta. Descriptions are what `kubectl explain` shows, shortened. */
const objectMetaSchema: Schema = {
  type: 'object',
  description: "Standard object's metadata.",
  properties: {
    name: { type: 'string', description: 'Unique within a namespace; cannot be updated.' },
    generateName: { type: 'string', description: 'A prefix from which the server makes a unique name.' },
    namespace: { type: 'string', description: 'The space within which the name must be unique.' },
    selfLink: text,
    uid: { type: 'string', description: 'Unique in time and space; set by the server.' },
    resourceVersion: { type: 'string', description: 'Opaque version of this object, for optimistic concurrency.' },
    generation: { type: 'integer', format: 'int64', description: 'Counts changes of the desired state.' },
    creationTimestamp: { ...time, nullable: true, description: 'When this object was created, set by the server.' },
    deletionTimestamp: { ...time, description: 'When deletion was asked for, set by the server.' },
    deletionGracePeriodSeconds: { type: 'integer', format: 'int64' },
    labels: { ...texts, description: 'Keys and values to organise and select objects by.' },
    annotations: { ...texts, description: 'Keys and values that tools store; not for selection.' },
    finalizers: {
      type: 'array',
      items: text,
      'x-kubernetes-list-type': 'set',
      description: 'Must be empty before the object is deleted from the registry.',
    },
    ownerReferences: {
      type: 'array',
      description: 'Objects depended on by this object.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      items: {
        type: 'object',
        required: ['apiVersion', 'kind', 'name', 'uid'],
        'x-kubernetes-map-type': 'atomic',
        properties: {
          apiVersion: text,
          kind: text,
          name: text,
          uid: text,
          controller: { type: 'boolean' },
          blockOwnerDeletion: { type: 'boolean' },
        },
      },
    },
    managedFields: {
      type: 'array',
      'x-kubernetes-list-type': 'atomic',
      items: {
        type: 'object',
        properties: {
          manager: text,
          operation: text,
          apiVersion: text,
          time,
          fieldsType: text,
          fieldsV1: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          subresource: text,
        },
      },
    },
  },
};

/** A resource's own schema with apiVersion, kind and the whole of metadata in it. */
export function withTypeAndObjectMeta(schema: Schema): Schema {
  const own = schema.properties?.['metadata']?.properties ?? {};
  return {
    ...schema,
    type: 'object',
    properties: {
      ...schema.properties,
      apiVersion: {
        type: 'string',
        description: 'APIVersion defines the versioned schema of this representation of an object.',
      },
      kind: {
        type: 'string',
        description: 'Kind is a string value representing the REST resource this object represents.',
      },
      metadata: { ...objectMetaSchema, properties: { ...objectMetaSchema.properties, ...own } },
    },
  };
}
