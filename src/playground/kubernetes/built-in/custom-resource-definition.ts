import type { Json, JsonObject } from '#src/domain/json.ts';
import { compileRules } from '../cel/rules.ts';
import type { FieldError } from '../field-error.ts';
import { invalid, notSupported, required } from '../field-error.ts';
import { jsonPathProblem } from '../json-path.ts';
import type { KubernetesObject } from '../json-value.ts';
import { at, equal, isObject, listOf, objectOf, textOf } from '../json-value.ts';
import { labelProblems, subdomainProblems } from '../names.ts';
import { validateDefinedSchema } from '../schema/defined-schema.ts';
import type { Schema } from '../schema/structural-schema.ts';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];

/**
 * Defaults of names and conversion, and at once the status that a real API server's controllers write a moment later:
 * names accepted, established, storage version recorded.
 */
export function prepareDefinition(object: KubernetesObject, old: KubernetesObject | undefined): KubernetesObject {
  const spec = objectOf(object['spec']);
  const names = objectOf(spec['names']);
  const kind = textOf(names['kind']);
  const accepted = { singular: kind.toLowerCase(), listKind: kind === '' ? '' : `${kind}List`, ...names };
  const versions = listOf(spec['versions']).map(objectOf);
  const stored = versions.filter((version) => version['storage'] === true).map((version) => textOf(version['name']));
  return {
    ...object,
    spec: { conversion: { strategy: 'None' }, ...spec, names: accepted },
    status: {
      acceptedNames: accepted,
      storedVersions: [...new Set([...listOf(at(old, 'status', 'storedVersions')).map(textOf), ...stored])],
      conditions: conditions(object, old),
    },
  };
}

function conditions(object: KubernetesObject, old: KubernetesObject | undefined): Json {
  const before = at(old, 'status', 'conditions');
  if (before !== undefined) return before;
  const lastTransitionTime = textOf(object.metadata['creationTimestamp']);
  const condition = (type: string, reason: string, message: string): JsonObject => {
    return { type, status: 'True', reason, message, lastTransitionTime };
  };
  return [
    condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
    condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
  ];
}

/** What the API server refuses in a CRD: names, versions, columns, and schemas that are not structural. */
export function validateDefinition(definition: KubernetesObject, old: KubernetesObject | undefined): FieldError[] {
  const spec = objectOf(definition['spec']);
  const names = objectOf(spec['names']);
  const versions = listOf(spec['versions']).map(objectOf);
  const errors = [
    ...nameErrors(textOf(definition.metadata['name']), textOf(spec['group']), names),
    ...scopeErrors(spec['scope']),
    ...versionErrors(versions),
    ...versions.flatMap(oneVersion),
  ];
  if (old === undefined) return errors;
  const before = objectOf(old['spec']);
  for (const field of ['group', 'scope']) {
    if (!equal(spec[field], before[field]))
      errors.push(invalid(`spec.${field}`, spec[field] ?? '', 'field is immutable'));
  }
  for (const field of ['plural', 'kind']) {
    const was = objectOf(before['names'])[field];
    if (!equal(names[field], was))
      errors.push(invalid(`spec.names.${field}`, names[field] ?? '', 'field is immutable'));
  }
  return errors;
}

function nameErrors(name: string, group: string, names: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const plural = textOf(names['plural']);
  if (name !== `${plural}.${group}`)
    errors.push(invalid('metadata.name', name, `must be spec.names.plural+"."+spec.group`));
  if (group === '') errors.push(required('spec.group'));
  else if (subdomainProblems(group).length > 0)
    errors.push(invalid('spec.group', group, subdomainProblems(group).join(',')));
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    const value = textOf(names[field]);
    const problems = labelProblems(value.toLowerCase());
    if (value === '') errors.push(required(`spec.names.${field}`));
    else if (problems.length > 0) errors.push(invalid(`spec.names.${field}`, value, problems.join(',')));
  }
  return errors;
}

function scopeErrors(scope: Json | undefined): FieldError[] {
  if (scope === undefined || scope === '') return [required('spec.scope')];
  return scope === 'Cluster' || scope === 'Namespaced'
    ? []
    : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])];
}

function versionErrors(versions: readonly JsonObject[]): FieldError[] {
  const field = 'spec.versions';
  const shown: Json = versions.map((version) => textOf(version['name']));
  if (versions.length > 1) return [invalid(field, shown, 'this API server serves one version per resource')];
  return versions.filter((version) => version['storage'] === true).length === 1
    ? []
    : [invalid(field, shown, 'must have exactly one version marked as storage version')];
}

/** With one version, its schema and columns are told as the internal type has them: at the top of the spec. */
function oneVersion(version: JsonObject, index: number): readonly FieldError[] {
  const name = textOf(version['name']);
  const problems = labelProblems(name);
  const schema = at(version, 'schema', 'openAPIV3Schema');
  return [
    ...(problems.length > 0 ? [invalid(`spec.versions[${index}].name`, name, problems.join(','))] : []),
    ...(isObject(schema)
      ? schemaErrors(schema, 'spec.validation.openAPIV3Schema')
      : [required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required')]),
    ...listOf(version['additionalPrinterColumns']).flatMap((column, place) =>
      columnErrors(objectOf(column), `spec.additionalPrinterColumns[${place}]`),
    ),
    ...listOf(version['selectableFields']).flatMap((field, place) =>
      selectableErrors(textOf(objectOf(field)['jsonPath']), `spec.selectableFields[${place}].jsonPath`),
    ),
  ];
}

/** Rules are compiled only against a schema that is sound. */
function schemaErrors(schema: Schema, path: string): readonly FieldError[] {
  const errors = validateDefinedSchema(schema, path);
  return errors.length > 0 ? errors : (compileRules(schema, path)?.errors ?? []);
}

function columnErrors(column: JsonObject, path: string): FieldError[] {
  const type = textOf(column['type']);
  const jsonPath = textOf(column['jsonPath']);
  const errors: FieldError[] = [];
  if (textOf(column['name']) === '') errors.push(required(`${path}.name`));
  if (!columnTypes.includes(type)) {
    const detail = `must be one of ${columnTypes.join(',')}`;
    errors.push(type === '' ? required(`${path}.type`, detail) : invalid(`${path}.type`, type, detail));
  }
  if (jsonPath === '') errors.push(required(`${path}.JSONPath`));
  else if (jsonPathProblem(jsonPath) !== undefined) {
    errors.push(invalid(`${path}.JSONPath`, jsonPath, jsonPathProblem(jsonPath) ?? ''));
  }
  return errors;
}

function selectableErrors(jsonPath: string, path: string): FieldError[] {
  if (jsonPath === '') return [required(path)];
  if (jsonPath.startsWith('.metadata')) return [invalid(path, jsonPath, 'must not point to fields in metadata')];
  const problem = jsonPathProblem(jsonPath);
  return problem === undefined ? [] : [invalid(path, jsonPath, `is an invalid path: ${problem}`)];
}
