import { Type } from 'typebox';
import type { Rule } from './shape.ts';
import { object } from './shape.ts';
import { spec } from './spec.ts';
import { status } from './status.ts';

/** Rules that need the name or the status. The status is the operator's: a user cannot write it. */
const rules: readonly Rule[] = [
  {
    rule: "self.metadata.name.size() <= 63 && !self.metadata.name.contains('.')",
    message: 'the name becomes part of AWS names: use at most 63 letters, digits and -, without dots',
    fieldPath: '.metadata.name',
  },
  {
    rule: "!has(self.status) || !has(self.status.accountID) || ((!has(self.spec.accountID) || self.spec.accountID == self.status.accountID) && (!has(self.spec.assumeRole) || self.spec.assumeRole.roleARN.contains(':' + self.status.accountID + ':role/')))",
    message:
      'this monitor already owns resources in another account (status.accountID); create a new BedrockMonitor for the other account',
    fieldPath: '.spec',
  },
];

const documented = (description: string) => Type.String({ description });

/** The whole object. A new one is not "current" to kstatus before an operator has seen it: hence the one default. */
export const monitor = object(
  'BedrockMonitor makes Amazon Bedrock invocation logging, the log group that receives it, CloudWatch alarms, dashboards and saved queries of one AWS Region match what is declared here.',
  {
    apiVersion: Type.Optional(documented('bedrockmonitor.io/v1alpha1')),
    kind: Type.Optional(documented('BedrockMonitor')),
    // Named here only so that a rule can blame it.
    metadata: Type.Optional(Type.Unsafe<object>({ type: 'object', properties: { name: { type: 'string' } } })),
    spec,
    status: Type.Optional({ ...status, default: { observedGeneration: -1 } }),
  },
  rules,
);
