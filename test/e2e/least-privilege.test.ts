import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEvent } from './support/audit.ts';
import { type Installation, install, monitor, operatorAccount } from './support/installation.ts';

const username = `system:serviceaccount:${operatorAccount.namespace}:${operatorAccount.name}`;

/** Granted, and needed only at other times. */
const notAskedHere = [
  // Servers that cannot stream the initial list.
  'list /configmaps',
  'list bedrockmonitor.io/bedrockmonitors',
  'list coordination.k8s.io/leases',
  // An Event that repeats.
  'patch events.k8s.io/events',
];

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `verb group/resource[/subresource]`, the core group without a name. */
const granted = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`))),
  );

function asked({ verb, objectRef = {} }: AuditEvent): string {
  const { apiGroup = '', resource = '', subresource } = objectRef;
  return `${verb} ${apiGroup}/${resource}${subresource === undefined ? '' : `/${subresource}`}`;
}

describe('the operator with the permissions that manifests/ gives it', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await install();
  });
  afterAll(() => installation?.stop());

  test('brings a monitor up, holds a rival off, hands over and lets all go again', async () => {
    const { account, must, wait, operator } = installation;
    await must(['apply', '-f', '-'], monitor('production', account));
    await wait('production', 'condition=Ready');
    await must(['apply', '-f', '-'], monitor('rival', account));
    await wait('rival', 'jsonpath={.status.conditions[?(@.type=="Ready")].reason}=Conflict');
    await must(['delete', 'bedrockmonitor', 'production', '--timeout=60s']);
    await wait('rival', 'condition=Ready');
    await must(['delete', 'bedrockmonitor', 'rival', '--timeout=60s']);

    const region = account.region('us-east-1');
    expect([...region.alarms.keys()]).toEqual([]);
    expect([...region.queryDefinitions.keys()]).toEqual([]);
    // Logs outlive their monitors.
    expect([...region.logGroups.keys()].toSorted()).toEqual(['/aws/bedrock/production', '/aws/bedrock/rival']);
    await operator.stop(45_000);
  });

  test('AWS refused it nothing', () => {
    const { calls } = installation.aws;
    expect(calls.length).toBeGreaterThan(10);
    const denied = calls.filter(
      ({ outcome }) => outcome?.kind === 'Refused' && outcome.code.startsWith('AccessDenied'),
    );
    expect(denied.map(({ service, operation, outcome }) => ({ service, operation, outcome }))).toEqual([]);
  });

  test('the API server refused it nothing, and hardly a permission was left over', async () => {
    const { plane, must } = installation;
    const done = (await plane.audit()).filter(
      ({ user, objectRef }) => user.username === username && objectRef !== undefined,
    );
    expect(done.filter(({ responseStatus }) => responseStatus?.code === 403).map(asked)).toEqual([]);

    const used = new Set(done.map(asked));
    const inNamespace = await must(['get', 'role', 'bedrock-monitor', '-n', operatorAccount.namespace, '-o', 'json']);
    const inCluster = await must(['get', 'clusterrole', 'bedrock-monitor', '-o', 'json']);
    const rules = [inNamespace, inCluster].flatMap((text): readonly Rule[] => JSON.parse(text).rules);
    const left = granted(rules).filter((permission) => !used.has(permission));
    expect(left.toSorted()).toEqual(notAskedHere);
  });
});
