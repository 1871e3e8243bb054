import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEvent } from './support/audit.ts';
import { deniedOn } from './support/denied.ts';
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

  /** A part of every other kind. */
  const more = (source: string) => ({
    compositeAlarms: [{ name: 'trouble', anyOf: ['throttling', 'available'] }],
    slos: [{ name: 'available', objective: 99.9, errors: {} }],
    anomalyDetectors: [{ name: 'calls', metric: { name: 'Invocations', statistic: 'Sum' }, timeZone: 'Europe/Berlin' }],
    muteRules: [{ name: 'nightly', cron: '0 2 * * *', duration: '1h' }],
    metricFilters: [{ name: 'errors', preset: 'ErrorsByCode' }],
    crossAccount: { sink: { sourceAccountIDs: [source] } },
  });
  /** Whatever Bedrock delivers with is made. */
  const made = {
    invocationLogging: {
      dataTypes: ['Text'],
      cloudWatchLogs: {
        logGroup: { name: '/aws/bedrock/rival' },
        role: { create: {} },
        largeDataDelivery: { bucket: { create: {} } },
        fieldIndexes: ['modelId'],
        anomalyDetector: {},
      },
    },
    dataProtection: { categories: ['Credentials', 'PII'], s3Bodies: 'AcceptUnmasked' },
  };
  const claim = (of: string): string => `claim-111122223333-us-east-1-${of}`;
  const claims = async (): Promise<Record<string, string>> => {
    const leases = await installation.must(['get', 'leases', '-n', operatorAccount.namespace, '-o', 'json']);
    const { items }: { items: { metadata: { name: string }; spec: { holderIdentity: string } }[] } = JSON.parse(leases);
    const ours = items.filter(({ metadata }) => metadata.name.startsWith('claim-'));
    return Object.fromEntries(ours.map(({ metadata, spec }) => [metadata.name, spec.holderIdentity]));
  };

  test('brings a monitor up, holds a rival off, hands over and lets all go again', async () => {
    const { account, must, wait, operator } = installation;
    await must(['apply', '-f', '-'], monitor('production', account, more('444455556666')));
    await wait('production', 'condition=Ready');
    await must(['apply', '-f', '-'], monitor('rival', account, { ...more('777788889999'), ...made }));
    await wait('rival', 'jsonpath={.status.conditions[?(@.type=="Ready")].reason}=Conflict');
    const held = await claims();
    expect(held).toEqual({
      [claim('invocation-logging')]: 'default/production',
      [claim('sink')]: 'default/production',
    });
    await must(['delete', 'bedrockmonitor', 'production', '--timeout=60s']);
    await wait('rival', 'condition=Ready');
    expect(await claims()).toEqual(Object.fromEntries(Object.keys(held).map((name) => [name, 'default/rival'])));
    await must(['delete', 'bedrockmonitor', 'rival', '--timeout=60s']);

    const region = account.region('us-east-1');
    expect([...region.alarms.keys()]).toEqual([]);
    expect([...region.queryDefinitions.keys()]).toEqual([]);
    expect([...region.muteRules.keys(), ...region.anomalyDetectors.keys(), ...region.sinks.keys()]).toEqual([]);
    expect([...account.state.roles.values()].map(({ name }) => name)).toEqual(['production-logs', 'rival-logs']);
    expect(await claims()).toEqual({});
    // Logs outlive their monitors.
    expect([...region.logGroups.keys()].toSorted()).toEqual(['/aws/bedrock/production', '/aws/bedrock/rival']);
    await operator.stop(45_000);
  });

  test('AWS refused it nothing', () => {
    const { calls } = installation.aws;
    expect(calls.length).toBeGreaterThan(10);
    expect(deniedOn(installation.aws)).toEqual([]);
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
