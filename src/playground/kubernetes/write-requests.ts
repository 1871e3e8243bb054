import type { Json } from '#src/domain/json.ts';
import type { Applied } from './apply/applying.ts';
import { applyObject } from './apply/applying.ts';
import type { Decoded } from './decoding.ts';
import { cannotBeHandled, decode } from './decoding.ts';
import { invalid } from './field-error.ts';
import type { KubernetesObject } from './json-value.ts';
import { goJson, textOf } from './json-value.ts';
import { jsonPatch, mergePatch } from './patches.ts';
import { parseBody } from './request-body.ts';
import type { FieldValidation } from './request-options.ts';
import { writeParameters } from './request-options.ts';
import type { Call } from './resource-requests.ts';
import { badRequest, invalidObject, unsupportedMediaType } from './status-error.ts';
import { updateObject } from './writing.ts';

const jsonPatchType = 'application/json-patch+json';
const mergePatchType = 'application/merge-patch+json';
const strategicType = 'application/strategic-merge-patch+json';
const applyType = 'application/apply-patch+yaml';

/** The object of a POST or PUT. Throws 400 and 415. */
export function readBody(call: Call, mode: FieldValidation): KubernetesObject {
  const { request, target } = call;
  const contentType = mediaType(call) || 'application/json';
  if (!['application/json', 'application/yaml'].includes(contentType)) {
    // kubectl create (not apply) sends protobuf and prints this sentence.
    const hint = contentType.includes('protobuf') ? '; this API reads JSON only: use kubectl apply -f instead' : '';
    throw unsupportedMediaType(['application/json', 'application/yaml'], hint);
  }
  const { value, duplicates } = parseBody(request.body ?? '', contentType, target.type.kind);
  const decoded = decode(value, target.type, duplicates);
  judgeStrictly(call, decoded, mode, (problem) => cannotBeHandled(target.type, decoded.object.kind, problem));
  if (request.method === 'PUT') requireSameName(call, decoded.object);
  return decoded.object;
}

/** Any of the four kinds of patch. Throws 400, 404, 409, 415, 422. */
export function writePatch(call: Call): Applied {
  const { api, request, target, query, warnings } = call;
  const contentType = mediaType(call);
  const accepted = [jsonPatchType, mergePatchType, ...(target.type.custom ? [] : [strategicType]), applyType];
  if (!accepted.includes(contentType)) throw unsupportedMediaType(accepted);
  const parameters = writeParameters(request, query, contentType === applyType);
  const options = { ...parameters, warnings };
  const { value, duplicates } = parseBody(request.body ?? '', contentType, target.type.kind);
  if (contentType === applyType) {
    judgeDuplicates(call, duplicates, parameters.fieldValidation);
    return applyObject(api, target, value, { ...options, subresource: target.status ? 'status' : '' });
  }
  const object = updateObject(api, target, options, (current) => {
    const result = contentType === jsonPatchType ? jsonPatch(current, value) : mergePatch(current, value);
    const decoded = decode(result, target.type, duplicates);
    judgeStrictly(call, decoded, parameters.fieldValidation, (problem) => {
      return invalidObject({ group: '', kind: '' }, '', [invalid('patch', goJson(result), problem)]);
    });
    requireSameName(call, decoded.object);
    return decoded.object;
  });
  return { object, created: false };
}

function mediaType({ request }: Call): string {
  return (request.contentType ?? '').split(';')[0]?.trim() ?? '';
}

/** Refuses, warns of or ignores what was dropped, as `fieldValidation` says. */
function judgeStrictly(
  { warnings }: Call,
  { strictErrors }: Decoded,
  mode: FieldValidation,
  refused: (problem: string) => Error,
): void {
  if (strictErrors.length === 0 || mode === 'Ignore') return;
  if (mode === 'Strict') throw refused(`strict decoding error: ${strictErrors.join(', ')}`);
  warnings.push(...strictErrors);
}

function judgeDuplicates({ warnings }: Call, duplicates: readonly string[], mode: FieldValidation): void {
  const problems = duplicates.map((path) => `duplicate field "${path}"`);
  if (problems.length === 0 || mode === 'Ignore') return;
  if (mode === 'Strict') throw badRequest(`error strict decoding YAML: ${problems.join(', ')}`);
  warnings.push(...problems);
}

function requireSameName({ target }: Call, object: KubernetesObject): void {
  const name: Json = textOf(object.metadata['name']);
  if (name === target.name) return;
  throw badRequest(
    name === ''
      ? 'name must be provided'
      : `the name of the object (${name}) does not match the name on the URL (${target.name})`,
  );
}
