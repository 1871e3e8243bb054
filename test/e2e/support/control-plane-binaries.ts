import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, exists } from './cache.ts';
import { output, run } from './run.ts';

/** The programs that make a control plane. */
export interface ControlPlaneBinaries {
  readonly apiServer: string;
  readonly etcd: string;
  /** Where they come from, for people. */
  readonly source: string;
}

const modules = join(import.meta.dirname, '../../control-plane');
const apiServerPackage = 'k8s.io/kubernetes/cmd/kube-apiserver';
const etcdPackage = 'go.etcd.io/etcd/server/v3';

/**
 * From `KUBEBUILDER_ASSETS` where it is set, as controller-runtime's envtest has it; else built from the Go modules
 * pinned in test/control-plane, once per version and machine.
 *
 * @throws where there is neither; the message says how to get one.
 */
export async function controlPlaneBinaries(): Promise<ControlPlaneBinaries> {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets !== undefined && assets !== '') return fromAssets(assets);
  const goMod = await readFile(join(modules, 'go.mod'), 'utf8');
  const goSum = await readFile(join(modules, 'go.sum'), 'utf8');
  const version = pinned(goMod, 'k8s.io/kubernetes');
  const etcdVersion = pinned(goMod, etcdPackage);
  const builds = [
    { program: 'etcd', args: buildArgs('-s -w', etcdPackage) },
    { program: 'kube-apiserver', args: buildArgs(`-s -w ${versionFlags(version)}`, apiServerPackage) },
  ];
  const key = createHash('sha256')
    .update(JSON.stringify([goMod, goSum, builds]))
    .digest('hex')
    .slice(0, 12);
  const directory = await cached(
    `control-plane-${version}-${process.platform}-${process.arch}-${key}`,
    async (into) => {
      await requireGo(goMod);
      console.log(
        `Building kube-apiserver ${version} and etcd ${etcdVersion} from their Go modules, once: 6 to 10 minutes on two cores.`,
      );
      for (const { program, args } of builds) await goBuild(join(into, program), args);
    },
  );
  return {
    apiServer: join(directory, 'kube-apiserver'),
    etcd: join(directory, 'etcd'),
    source: `kube-apiserver ${version} and etcd ${etcdVersion}, built from their Go modules in ${directory}`,
  };
}

async function fromAssets(assets: string): Promise<ControlPlaneBinaries> {
  const apiServer = join(assets, 'kube-apiserver');
  const etcd = join(assets, 'etcd');
  for (const program of [apiServer, etcd]) {
    if (!(await exists(program)))
      throw new Error(`KUBEBUILDER_ASSETS is ${assets}, but ${program} does not exist.\n${threeWays}`);
  }
  const version = (await output(apiServer, ['--version'])).trim();
  const etcdVersion = (await output(etcd, ['--version'])).split('\n')[0] ?? '';
  return { apiServer, etcd, source: `${version} and ${etcdVersion}, from KUBEBUILDER_ASSETS` };
}

async function requireGo(goMod: string): Promise<void> {
  const { code, stdout, stderr } = await run('go', ['version'], { cwd: modules });
  if (code === 127) throw new Error(`There is no Go toolchain to build the control plane with.\n${threeWays}`);
  // With GOTOOLCHAIN=auto, Go's default, an older Go fetches the one that go.mod asks for; then this succeeds.
  if (code !== 0) {
    const wanted = /^go (\S+)$/m.exec(goMod)?.[1] ?? '';
    throw new Error(
      `This Go cannot build the control plane, which needs Go ${wanted}: ${stderr || stdout}\n${threeWays}`,
    );
  }
}

async function goBuild(target: string, args: readonly string[]): Promise<void> {
  const command = ['go', 'build', '-o', target, ...args];
  const [program = 'go', ...rest] = process.platform === 'win32' ? command : ['nice', '-n', '10', ...command];
  // Without cgo the result needs no C compiler and runs on any machine of this platform.
  const { code } = await run(program, rest, { cwd: modules, env: { CGO_ENABLED: '0' }, progress: true });
  if (code !== 0)
    throw new Error(`"${command.join(' ')}" in ${modules} ended with ${code}; its messages are above.\n${threeWays}`);
}

function buildArgs(ldflags: string, mainPackage: string): readonly string[] {
  return ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags', ldflags, mainPackage];
}

/** Kubernetes' own build stamps its version; without it clients would be told v0.0.0. */
function versionFlags(version: string): string {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const stamp = { gitMajor: major, gitMinor: minor, gitVersion: version, gitCommit: '', gitTreeState: '' };
  return Object.entries(stamp)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}

function pinned(goMod: string, module: string): string {
  const version = goMod
    .split('\n')
    .map((line) => line.trim().split(' '))
    .find(([name, v]) => name === module && v?.startsWith('v'))?.[1];
  if (version === undefined) throw new Error(`test/control-plane/go.mod does not require ${module}`);
  return version;
}

const threeWays = `npm run e2e needs a real kube-apiserver and etcd. There are three ways to get them:
  1. set KUBEBUILDER_ASSETS to a folder that holds kube-apiserver and etcd (3.5.13 or newer), as for envtest;
  2. install Go (the version in test/control-plane/go.mod, or any from 1.21 on with GOTOOLCHAIN=auto) and run it again;
  3. copy the cache folder ~/.cache/bedrock-monitor from a machine of the same platform that has built them.`;
