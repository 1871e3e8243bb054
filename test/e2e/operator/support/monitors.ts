import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { said } from '#test/support/said.ts';
import { type Stage, serviceAccount } from './stage.ts';
import { eventually } from './waiting.ts';

/** What was just in sync is confirmed after 30 s; then a pass, which shares the machine with all else that runs here. */
export const soonMs = 60_000;

/** The monitors of one namespace, as an administrator handles them with kubectl. */
export interface Monitors {
  /** `kubectl apply` of a file with this spec. */
  apply(name: string, spec: BedrockMonitorSpec): Promise<void>;
  get(name: string): Promise<BedrockMonitor>;
  /** Until a condition of the monitor, `Ready` unless another is named, says so of its newest generation. */
  says(
    name: string,
    expected: { readonly status: string; readonly reason: string },
    type?: string,
  ): Promise<BedrockMonitor>;
  /** The cells of its line in `kubectl get`, by the heads of their columns; ` -o wide` for all of them. */
  row(name: string, wide?: string): Promise<Record<string, string>>;
  patch(name: string, spec: object): Promise<string>;
}

export function monitorsIn(stage: Stage, namespace: string): Monitors {
  const get: Monitors['get'] = async (name) =>
    JSON.parse(await stage.kubectl(`get bedrockmonitor ${name} -n ${namespace} -o json`));
  return {
    get,
    apply: async (name, spec) => {
      const object = { apiVersion, kind, metadata: { namespace, name }, spec };
      const file = join(dirname(stage.plane.adminKubeconfigPath), `${name}.json`);
      await writeFile(file, JSON.stringify(object));
      await stage.kubectl('apply -f', file);
    },
    says: (name, expected, type = 'Ready') =>
      eventually(async () => {
        const found = await get(name);
        const observedGeneration = found.metadata.generation;
        expect(said(found, type)).toMatchObject({ ...expected, observedGeneration });
        return found;
      }, soonMs),
    row: async (name, wide = '') => {
      const table = await stage.kubectl(`get bedrockmonitor ${name} -n ${namespace}${wide}`);
      const [heads = '', cells = ''] = table.split('\n');
      const names = [...heads.matchAll(/\S+\s*/g)];
      // The last column is as wide as it must be.
      const end = (index: number) => names[index + 1]?.index ?? cells.length;
      const cell = (from: number, index: number) => cells.slice(from, end(index)).trim();
      return Object.fromEntries(names.map((head, index) => [head[0].trim(), cell(head.index, index)]));
    },
    patch: (name, spec) =>
      stage.kubectl(`patch bedrockmonitor ${name} -n ${namespace} --type=merge -p`, JSON.stringify({ spec })),
  };
}

/** The claims as `kubectl get leases` shows them: name and holder. */
export async function claimsOn(stage: Stage): Promise<readonly (readonly string[])[]> {
  const table = await stage.kubectl(`get leases -n ${serviceAccount.namespace} --no-headers`);
  const rows = table.split('\n').map((line) => line.split(/\s+/).slice(0, 2));
  return rows.filter(([name]) => name?.startsWith('claim-'));
}
