import type { Json, JsonObject } from '#src/domain/json.ts';
import { array, check, required, string } from './constraints.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import { groupOf, locked, logGroupARN } from './log-groups.ts';
import { isObject, list, object, text, texts } from './members.ts';
import { requireStandard } from './metric-filters.ts';
import type { Operation, Scope } from './operation.ts';
import type { LogGroup } from './state.ts';

/** PutIndexPolicy. */
const FIELD_LIMIT = 20;
const NAME_LIMIT = 100;

const identifier = string(1, 2048, /^[\w#+=/:,.@\-*]*$/);

const putIndexPolicy = locked({
  service: 'logs',
  name: 'PutIndexPolicy',
  mutates: true,
  permissions: (input, scope) => onIdentified('PutIndexPolicy', input, scope),
  run(input, scope) {
    check(
      input,
      { logGroupIdentifier: required(identifier), policyDocument: required(string(1, 5120)) },
      invalidParameter,
    );
    const group = groupOf(text(input, 'logGroupIdentifier') ?? '', scope.region);
    requireStandard(group, 'Field index policies');
    const document = text(input, 'policyDocument') ?? '';
    checkDocument(document);
    scope.changing(scope.region.logGroups, group.name);
    // A full replace.
    group.indexPolicy = { document, lastUpdateTime: scope.now };
    return { indexPolicy: ofGroup(group, group.indexPolicy, scope) };
  },
});

const describeIndexPolicies: Operation = {
  service: 'logs',
  name: 'DescribeIndexPolicies',
  mutates: false,
  permissions: (input, scope) =>
    texts(input, 'logGroupIdentifiers').map((one) => ({
      action: 'logs:DescribeIndexPolicies',
      resource: one.startsWith('arn:') ? one : logGroupARN(scope, one),
    })),
  run(input, scope) {
    check(input, { logGroupIdentifiers: required(array(1, 100, identifier)), nextToken: string(1) }, invalidParameter);
    return {
      indexPolicies: texts(input, 'logGroupIdentifiers').flatMap((one): JsonObject[] => {
        const { name } = groupOf(one, scope.region);
        const group = scope.seen(scope.region.logGroups).get(name);
        if (group === undefined) return [];
        if (group.indexPolicy !== undefined) return [ofGroup(group, group.indexPolicy, scope)];
        // The account's shows only where the group has none of its own.
        const account = scope.region.accountIndexPolicy;
        if (account === undefined) return [];
        return [
          {
            logGroupIdentifier: logGroupARN(scope, name),
            lastUpdateTime: account.createdAt,
            policyDocument: account.document,
            policyName: account.name,
            source: 'ACCOUNT',
          },
        ];
      }),
    };
  },
};

const deleteIndexPolicy = locked({
  service: 'logs',
  name: 'DeleteIndexPolicy',
  mutates: true,
  permissions: (input, scope) => onIdentified('DeleteIndexPolicy', input, scope),
  run(input, scope) {
    check(input, { logGroupIdentifier: required(identifier) }, invalidParameter);
    const group = groupOf(text(input, 'logGroupIdentifier') ?? '', scope.region);
    if (group.indexPolicy === undefined) throw resourceNotFound('The specified index policy does not exist.');
    scope.changing(scope.region.logGroups, group.name);
    group.indexPolicy = undefined;
    return {};
  },
});

export const indexPolicyOperations: readonly Operation[] = [putIndexPolicy, describeIndexPolicies, deleteIndexPolicy];

function ofGroup(group: LogGroup, policy: NonNullable<LogGroup['indexPolicy']>, scope: Scope): JsonObject {
  return {
    logGroupIdentifier: logGroupARN(scope, group.name),
    lastUpdateTime: policy.lastUpdateTime,
    policyDocument: policy.document,
    source: 'LOG_GROUP',
  };
}

/** `Fields`, and `FieldsV2` with a type each; a field may be in one of them. */
function checkDocument(document: string): void {
  const policy = parsed(document);
  if (policy === undefined) throw invalidParameter('The index policy document is not valid JSON.');
  const unknown = Object.keys(policy).find((key) => key !== 'Fields' && key !== 'FieldsV2');
  if (unknown !== undefined) throw invalidParameter(`The index policy document has an unknown member: ${unknown}`);
  const plain = list(policy, 'Fields') ?? [];
  const typed = Object.entries(object(policy, 'FieldsV2') ?? {});
  if (plain.some((field) => typeof field !== 'string')) throw invalidParameter('Fields must be a list of names.');
  const types = typed.map(([, one]) => (isObject(one) ? one['type'] : undefined));
  if (types.some((type) => type !== 'FIELD_INDEX' && type !== 'FACET'))
    throw invalidParameter('The type of a field must be FIELD_INDEX or FACET.');
  const names = [...plain.map(String), ...typed.map(([name]) => name)];
  if (names.length === 0) throw invalidParameter('An index policy must have at least one field.');
  if (new Set(names).size < names.length) throw invalidParameter('A field is named twice in the index policy.');
  if (names.length > FIELD_LIMIT) throw invalidParameter(`An index policy can have at most ${FIELD_LIMIT} fields.`);
  const long = names.find((name) => name.length === 0 || name.length > NAME_LIMIT);
  if (long !== undefined) throw invalidParameter(`A field name has 1 to ${NAME_LIMIT} characters: ${long}`);
}

function onIdentified(name: string, input: JsonObject, scope: Scope) {
  const given = text(input, 'logGroupIdentifier') ?? '';
  return [{ action: `logs:${name}`, resource: given.startsWith('arn:') ? given : logGroupARN(scope, given) }];
}

function parsed(document: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(document);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
