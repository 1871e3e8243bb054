import { afterEach, beforeEach } from 'vitest';
import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import type { ExitCode } from '#src/cli/command.ts';
import { orphanMonitors } from '#src/cli/orphan.ts';
import { parseOrphan } from '#src/cli/orphan-options.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import type { Clock } from '#src/kubernetes/clock.ts';
import { systemClock } from '#src/kubernetes/clock.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import type { Leases } from '#src/kubernetes/lease.ts';
import { createLeases } from '#src/kubernetes/lease.ts';
import { finalizer, monitors } from '#src/operator/monitors.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { installBasics } from '#test/support/basics.ts';

export const OPERATOR = 'bedrock-monitor-system';
export const ACCOUNT = '111122223333';
/** When the command runs. */
const NOW = Date.parse('2026-05-01T12:00:00Z');

interface Answer {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

interface RunOptions {
  /** In place of the stage's own. */
  readonly client?: Client;
  /** Happens while the command waits. */
  readonly waited?: () => Promise<void>;
  /** Hears what is printed, when it is printed. */
  readonly heard?: (text: string) => void;
}

/** A cluster as an operator left it. */
export interface OrphanStage {
  readonly api: KubernetesApi;
  readonly client: Client;
  /** `bedrock-monitor orphan` with a line of arguments without blanks in them. */
  run(line: string, options?: RunOptions): Promise<Answer>;
  /** Makes a monitor, with our finalizer unless others are given. */
  leave(
    key: string,
    given?: {
      readonly finalizers?: readonly string[];
      readonly status?: BedrockMonitorStatus;
      readonly deleted?: boolean;
    },
  ): Promise<void>;
  leases(namespace?: string): Leases;
  /** `name: finalizers` of all monitors. */
  holders(): Promise<readonly string[]>;
}

/** One cluster for each test of the file. */
export function orphanStage(): () => OrphanStage {
  let stage: (OrphanStage & { close(): Promise<void> }) | undefined;
  beforeEach(async () => {
    stage = await start();
  });
  afterEach(() => stage?.close());
  return () => {
    if (stage === undefined) throw new Error('there is a cluster only within a test');
    return stage;
  };
}

async function start(): Promise<OrphanStage & { close(): Promise<void> }> {
  const api = await startKubernetesApi();
  const client = connect({ kubeConfig: loadKubeConfig({ text: api.kubeconfig() }) });
  await installBasics(client, [OPERATOR, 'genai', 'research']);
  return {
    api,
    client,
    async run(line, { client: use = client, waited = async () => {}, heard } = {}) {
      const options = parseOrphan(line.split(' '));
      if (options === undefined) throw new Error('help was asked for');
      const clock: Clock = {
        ...systemClock,
        now: () => NOW,
        setTimeout(fn) {
          void waited().then(fn);
          return () => undefined;
        },
      };
      let [out, err] = ['', ''];
      const terminal = {
        out(text: string) {
          out += text;
          heard?.(text);
        },
        err: (text: string) => void (err += text),
      };
      const code = await orphanMonitors(use, options, terminal, clock);
      return { code, out, err };
    },
    async leave(key, { finalizers = [finalizer], status, deleted } = {}) {
      const [namespace = '', name = ''] = key.split('/');
      // The server makes the rest.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const metadata = { namespace, name, finalizers } as BedrockMonitor['metadata'];
      const monitor = await client.create(monitors, { apiVersion, kind, metadata, spec: { region: 'us-east-1' } });
      if (status) await client.replaceStatus(monitors, { ...monitor, status });
      if (deleted) await client.delete(monitors, { namespace, name });
    },
    leases: (namespace = OPERATOR) => createLeases(client, namespace),
    holders: async () =>
      (await client.list(monitors)).items.map(
        ({ metadata }) => `${metadata.name}: ${metadata.finalizers?.join(', ') ?? 'none'}`,
      ),
    async close() {
      await client.close();
      await api.close();
    },
  };
}

/** Of a monitor that the operator brought to AWS. */
export const productionStatus: BedrockMonitorStatus = {
  accountID: ACCOUNT,
  invocationLogging: { state: 'Enabled', claimedBy: 'genai/production', saved: 'none' },
  inventory: [
    { kind: 'LogGroup', name: '/aws/bedrock/production' },
    { kind: 'MetricAlarm', name: 'bedrockmonitor/test/genai/production/throttling' },
    { kind: 'Dashboard', name: 'bedrockmonitor_test_genai_production_overview_us-east-1' },
    { kind: 'LoggingRole', name: 'bedrockmonitor_genai_production_0a1b2c3d' },
    { kind: 'QueryDefinition', name: 'bedrockmonitor/test/genai/production/latest', id: 'f0e1' },
    { kind: 'FromANewerRelease', name: 'kept' },
  ],
};
