import type { JsonObject } from '#src/domain/json.ts';
import { array, check, oneOf, required, string } from './constraints.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import { text } from './members.ts';
import type { Operation } from './operation.ts';
import type { AccountPolicy, Region } from './state.ts';

const types = [
  'DATA_PROTECTION_POLICY', 'SUBSCRIPTION_FILTER_POLICY', 'FIELD_INDEX_POLICY', 'TRANSFORMER_POLICY',
  'METRIC_EXTRACTION_POLICY', 'RETENTION_POLICY',
]; // biome-ignore format: a list of words

/** An account policy for masking takes up to five minutes to be in force (PutAccountPolicy): here it always does. */
const IN_FORCE_AFTER_MS = 5 * 60 * 1000;

const describeAccountPolicies: Operation = {
  service: 'logs',
  name: 'DescribeAccountPolicies',
  mutates: false,
  permissions: () => [{ action: 'logs:DescribeAccountPolicies', resource: '*' }],
  run(input, scope) {
    check(
      input,
      {
        policyType: required(oneOf(types)),
        policyName: string(),
        accountIdentifiers: array(0, 20, string(12, 12, /^\d{12}$/)),
      },
      invalidParameter,
    );
    const policyType = text(input, 'policyType') ?? '';
    const name = text(input, 'policyName');
    const found = policiesOf(scope.region, policyType).filter((one) => name === undefined || one.name === name);
    if (name !== undefined && found.length === 0)
      throw resourceNotFound('The specified account policy does not exist.');
    return {
      accountPolicies: found.map(
        (policy): JsonObject => ({
          policyName: policy.name,
          policyDocument: policy.document,
          lastUpdatedTime: policy.createdAt,
          policyType,
          scope: 'ALL',
          accountId: scope.account.id,
        }),
      ),
    };
  },
};

export const accountPolicyOperations: readonly Operation[] = [describeAccountPolicies];

/** The masking policy of the account, once it is in force. It masks beside that of the log group. */
export function accountMasking({ accountDataProtection }: Region, now: number): AccountPolicy | undefined {
  if (accountDataProtection === undefined) return undefined;
  return accountDataProtection.createdAt + IN_FORCE_AFTER_MS <= now ? accountDataProtection : undefined;
}

function policiesOf(region: Region, type: string): readonly AccountPolicy[] {
  const { accountDataProtection, accountIndexPolicy, retentionPolicies } = region;
  switch (type) {
    case 'DATA_PROTECTION_POLICY':
      return accountDataProtection === undefined ? [] : [accountDataProtection];
    case 'FIELD_INDEX_POLICY':
      return accountIndexPolicy === undefined ? [] : [accountIndexPolicy];
    case 'RETENTION_POLICY':
      return retentionPolicies.map(({ name, retentionInDays, enforcementMode, createdAt }) => ({
        name,
        document: JSON.stringify({ retentionInDays, enforcementMode }),
        createdAt,
      }));
    default:
      return [];
  }
}
