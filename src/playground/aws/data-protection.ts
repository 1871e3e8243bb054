import type { JsonObject } from '#src/domain/json.ts';
import { check, required, string } from './constraints.ts';
import { checkDataProtectionDocument, findingsDestinations } from './data-protection-document.ts';
import { invalidParameter } from './errors.ts';
import { groupOf, locked, logGroupARN } from './log-groups.ts';
import { text } from './members.ts';
import type { Operation, Scope } from './operation.ts';

const documentLimit = 30_720;
const identifier = required(string(1, 2048, /^[\w#+=/:,.@\-*]*$/));

const putDataProtectionPolicy = locked({
  service: 'logs',
  name: 'PutDataProtectionPolicy',
  mutates: true,
  permissions: (input, scope) => [
    { action: 'logs:PutDataProtectionPolicy', resource: groupARN(input, scope) },
    ...(findingsDestinations(text(input, 'policyDocument') ?? '').length > 0
      ? [{ action: 'logs:CreateLogDelivery', resource: '*' }]
      : []),
  ],
  run(input, scope) {
    check(
      input,
      { logGroupIdentifier: identifier, policyDocument: required(string(0, documentLimit)) },
      invalidParameter,
    );
    const group = groupOf(text(input, 'logGroupIdentifier') ?? '', scope.region);
    const document = text(input, 'policyDocument') ?? '';
    // The China Regions support data protection for the Standard class only.
    if (scope.account.partition === 'aws-cn' && group.logGroupClass !== 'STANDARD') {
      throw invalidParameter(`Data protection is not supported for log groups of the class ${group.logGroupClass}.`);
    }
    checkDataProtectionDocument(document, scope);
    scope.changing(scope.region.logGroups, group.name);
    group.dataProtection = { document, lastUpdatedTime: scope.now };
    group.dataProtectionStatus = 'ACTIVATED';
    return {
      logGroupIdentifier: text(input, 'logGroupIdentifier') ?? '',
      policyDocument: document,
      lastUpdatedTime: scope.now,
    };
  },
});

const getDataProtectionPolicy: Operation = {
  service: 'logs',
  name: 'GetDataProtectionPolicy',
  mutates: false,
  permissions: (input, scope) => [{ action: 'logs:GetDataProtectionPolicy', resource: groupARN(input, scope) }],
  run(input, scope) {
    check(input, { logGroupIdentifier: identifier }, invalidParameter);
    const group = groupOf(text(input, 'logGroupIdentifier') ?? '', scope.region);
    const answer = { logGroupIdentifier: text(input, 'logGroupIdentifier') ?? '' };
    if (!group.dataProtection) return answer;
    return {
      ...answer,
      policyDocument: group.dataProtection.document,
      lastUpdatedTime: group.dataProtection.lastUpdatedTime,
    };
  },
};

const deleteDataProtectionPolicy = locked({
  service: 'logs',
  name: 'DeleteDataProtectionPolicy',
  mutates: true,
  permissions: (input, scope) => [{ action: 'logs:DeleteDataProtectionPolicy', resource: groupARN(input, scope) }],
  run(input, scope) {
    check(input, { logGroupIdentifier: identifier }, invalidParameter);
    const group = groupOf(text(input, 'logGroupIdentifier') ?? '', scope.region);
    if (group.dataProtection) {
      scope.changing(scope.region.logGroups, group.name);
      group.dataProtection = undefined;
      group.dataProtectionStatus = 'DELETED';
    }
    return {};
  },
});

export const dataProtectionOperations: readonly Operation[] = [
  putDataProtectionPolicy,
  getDataProtectionPolicy,
  deleteDataProtectionPolicy,
];

function groupARN(input: JsonObject, scope: Scope): string {
  const given = text(input, 'logGroupIdentifier') ?? '';
  return given.startsWith('arn:') ? given : logGroupARN(scope, given);
}
