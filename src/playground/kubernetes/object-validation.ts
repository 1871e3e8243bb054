import type { FieldError, FieldErrorType } from './field-error.ts';
import { child, invalid } from './field-error.ts';
import type { KubernetesObject } from './json-value.ts';
import { without } from './json-value.ts';
import { subdomainProblems } from './names.ts';
import { validateObjectMeta } from './object-meta.ts';
import type { ResourceType } from './resource-type.ts';
import { apiVersionOf } from './resource-type.ts';
import { validateListTypes } from './schema/list-types.ts';
import { validateSchema } from './schema/validation.ts';

/** After one of these the rules are not evaluated: they would judge a value of another shape than they were written for. */
const blocking: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const notChecked =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** Everything wrong with an object that is about to be stored, in the order and words of the API server. */
export function validateObject(
  object: KubernetesObject,
  old: KubernetesObject | undefined,
  type: ResourceType,
  status: boolean,
): readonly FieldError[] {
  const meta = validateObjectMeta(object, type.namespaced, type.nameProblems ?? subdomainProblems, old);
  const own = type.validate?.(object, old) ?? [];
  return type.custom ? [...meta, ...validateCustom(object, old, type, status), ...own] : [...meta, ...own];
}

function validateCustom(
  object: KubernetesObject,
  old: KubernetesObject | undefined,
  type: ResourceType,
  status: boolean,
): FieldError[] {
  if (object.kind !== type.kind) return [invalid('kind', object.kind, `must be ${type.kind}`)];
  if (object.apiVersion !== apiVersionOf(type)) {
    return [invalid('apiVersion', object.apiVersion, `must be ${apiVersionOf(type)}`)];
  }
  const statusSchema = type.schema.properties?.['status'];
  const shape =
    status && statusSchema !== undefined
      ? object['status'] === undefined
        ? []
        : validateSchema(object['status'], statusSchema, '', old?.['status']).map((error) => ({
            ...error,
            field: child('status', error.field),
          }))
      : validateSchema(object, type.schema, '', old);
  const body = without(object, 'metadata');
  const listsWereFine = old === undefined || validateListTypes(without(old, 'metadata'), type.schema).length === 0;
  const errors = [...shape, ...(listsWereFine ? validateListTypes(body, type.schema) : [])];
  if (type.rules === undefined) return errors;
  if (errors.some((error) => blocking.has(error.type))) return [...errors, invalid('<nil>', null, notChecked)];
  return [...errors, ...type.rules(object, old)];
}
