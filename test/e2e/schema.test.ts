import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { apiVersion, group, kind, plural, version } from '#src/api/v1alpha1.ts';
import { examples } from '#test/support/examples.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { everyListFull } from './support/full-spec.ts';
import { kubectl } from './support/kubectl.ts';
import type { RunResult } from './support/run.ts';

const repository = join(import.meta.dirname, '../..');
const monitors = 'bedrockmonitor.bedrockmonitor.io';

describe('the definition of BedrockMonitor on a real API server, by kubectl', () => {
  let plane: ControlPlane;
  const admin = (args: readonly string[], stdin?: string): Promise<RunResult> =>
    kubectl(args, { kubeconfig: plane.adminKubeconfigPath, ...(stdin !== undefined && { stdin }) });
  const must = async (args: readonly string[], stdin?: string): Promise<string> => {
    const { code, stdout, stderr } = await admin(args, stdin);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  };
  const manifest = (name: string, spec: object): string =>
    JSON.stringify({ apiVersion, kind, metadata: { name, namespace: 'default' }, spec });

  beforeAll(async () => {
    plane = await startControlPlane();
    await must(['apply', '-f', join(repository, 'crds/bedrockmonitors.yaml')]);
    await must(['wait', '--for=condition=Established', '--timeout=30s', 'crd/bedrockmonitors.bedrockmonitor.io']);
    // Its documentation is served a moment later.
    await vi.waitFor(() => must(['explain', 'bedrockmonitor.spec']), { timeout: 30_000, interval: 200 });
  });
  afterAll(() => plane?.stop());

  test.each([
    ['spec.invocationLogging.deliveryAlarm', 'string', /log-delivery-failure/],
    ['spec.invocationLogging.cloudWatchLogs.role.create', 'Object', /role/i],
    ['spec.invocationLogging.cloudWatchLogs.largeDataDelivery.bucket.create', 'Object', /bedrock-logging-/],
    ['spec.invocationLogging.cloudWatchLogs.subscriptionFilters.distribution', 'string', /ByLogStream/],
    ['spec.modelPrices', '\\[\\]Object', /CostBudget/],
    ['spec.alarms.anomalyBand.standardDeviations', 'number', /2/],
    ['spec.alarms.logQuery.every', 'string', /query/i],
    ['spec.compositeAlarms.atLeast', 'Object', /at least so many of the alarms fire/],
    ['spec.slos.latency.under', 'string', /answered within this time/],
    ['spec.muteRules.cron', 'string', /0 2 \* \* SUN/],
    ['spec.anomalyDetectors.adaptationSpeed', 'string', /Default: Normal/],
    ['spec.metricFilters.tokensByMetadata.values', '\\[\\]string', /calls with other values are not/],
    ['spec.crossAccount.sink.organizationIDs', '\\[\\]string', /may link to the\s+sink/],
    ['spec.crossAccount.link.sinkARN', 'string', /same Region/],
    ['status.alarms.firingNames', '\\[\\]string', /first 20/],
    ['status.estimatedMonthlyCost', 'Object', /at rest/],
    ['status.models', '\\[\\]string', /patterns of the\s+spec/],
  ])('kubectl explain %s tells its type and what it means', async (field, type, meaning) => {
    const said = await must(['explain', `bedrockmonitor.${field}`]);
    expect(said).toMatch(new RegExp(`^FIELD: ${field.split('.').at(-1)} <${type}>$`, 'm'));
    const description = said.slice(said.indexOf('DESCRIPTION:'));
    expect(description).not.toContain('<empty>');
    expect(description).toMatch(meaning);
  });

  describe('two owners of one monitor, by server-side apply', () => {
    const lists = ['alarms', 'compositeAlarms', 'muteRules', 'metricFilters'];
    const logs = {
      dataTypes: [],
      cloudWatchLogs: {
        logGroup: { name: '/aws/bedrock/shared' },
        role: { arn: 'arn:aws:iam::111122223333:role/bedrockmonitor/logs' },
      },
    };
    /** What one of them declares: an entry in each list. */
    const part = (name: string, threshold = 5) => ({
      region: 'us-east-1',
      alarms: [{ name: `${name}-alarm`, preset: 'ErrorRate', threshold }],
      compositeAlarms: [{ name: `${name}-composite`, anyOf: ['arn:aws:cloudwatch:us-east-1:111122223333:alarm:a'] }],
      muteRules: [{ name: `${name}-mute`, cron: '0 2 * * SUN', duration: '3h' }],
      metricFilters: [{ name: `${name}-filter`, preset: 'ErrorsByCode' }],
    });
    const apply = (manager: string, spec: object, ...more: readonly string[]): Promise<RunResult> =>
      admin(
        ['apply', '--server-side', `--field-manager=${manager}`, ...more, '-f', '-'],
        manifest('shared', manager === 'platform' ? { ...spec, invocationLogging: logs } : spec),
      );
    const names = async () => {
      const { spec }: { spec: Record<string, { name: string }[]> } = JSON.parse(
        await must(['get', monitors, 'shared', '-o', 'json']),
      );
      return Object.fromEntries(lists.map((list) => [list, (spec[list] ?? []).map(({ name }) => name)]));
    };

    test('each keeps its entries of alarms, compositeAlarms, muteRules and metricFilters', async () => {
      expect(await apply('platform', part('platform'))).toMatchObject({ code: 0 });
      expect(await apply('team', part('team'))).toMatchObject({ code: 0 });
      expect(await names()).toEqual({
        alarms: ['platform-alarm', 'team-alarm'],
        compositeAlarms: ['platform-composite', 'team-composite'],
        muteRules: ['platform-mute', 'team-mute'],
        metricFilters: ['platform-filter', 'team-filter'],
      });
    });

    test('a field of an entry of the other is a conflict that names both', async () => {
      const refused = await apply('team', part('platform', 50));
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('conflict with "platform": .spec.alarms[name="platform-alarm"].threshold');
    });

    test('who leaves a list out takes only its own entries along', async () => {
      expect(await apply('team', { region: 'us-east-1' })).toMatchObject({ code: 0 });
      expect(await names()).toEqual({
        alarms: ['platform-alarm'],
        compositeAlarms: ['platform-composite'],
        muteRules: ['platform-mute'],
        metricFilters: ['platform-filter'],
      });
    });
  });

  describe('the examples', () => {
    const folder = join(repository, 'examples');

    test('are stored as they are written: kubectl diff finds nothing, and applying again changes nothing', async () => {
      const created = await must(['apply', '-f', folder]);
      expect(created.match(new RegExp(`^${monitors}/\\S+ created$`, 'gm'))).toHaveLength(
        examples.flatMap((example) => example.monitors).length,
      );
      expect(await admin(['diff', '-f', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
      const again = (await must(['apply', '-f', folder])).trimEnd().split('\n');
      expect(again.filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
    });

    test('nor does server-side apply find anything, whoever takes them over', async () => {
      const generations = () =>
        must(['get', monitors, '-A', '--no-headers', '-o=custom-columns=N:.metadata.name,G:.metadata.generation']);
      const before = await generations();
      await must(['apply', '--server-side', '--field-manager=argocd-controller', '-f', folder]);
      expect(await generations()).toBe(before);
      const managed = ['--server-side', '--field-manager=argocd-controller'];
      expect(await admin(['diff', ...managed, '-f', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
    });
  });

  test('rules stay within their cost where every list is full, on create and on update', async () => {
    const path = `/apis/${group}/${version}/namespaces/default/${plural}`;
    const body = (threshold: number): unknown => JSON.parse(manifest('full', everyListFull(threshold)));
    const made = await plane.api.request<{ metadata: { resourceVersion: string }; message?: string }>(
      'POST',
      `${path}?fieldValidation=Strict`,
      { body: body(1) },
    );
    expect({ status: made.status, message: made.body.message }).toEqual({ status: 201, message: undefined });
    const file = join(dirname(plane.adminKubeconfigPath), 'full.json');
    await writeFile(file, JSON.stringify(body(2)));
    expect(await must(['replace', '-f', file])).toContain('full replaced');
  });
});
