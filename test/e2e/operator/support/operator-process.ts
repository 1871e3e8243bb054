import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserCredentials } from '#src/playground/aws/seeding.ts';
import { freePort } from '#test/e2e/support/free-port.ts';
import { type ServerProcess, startServer } from '#test/e2e/support/server-process.ts';

/** One replica of the operator as its own process, like a Pod of the Deployment. */
export interface OperatorProcess extends ServerProcess {
  /** That of its user in AWS. */
  readonly name: string;
  /** The status of a probe; undefined where nobody answers. */
  probe(path: '/healthz' | '/readyz'): Promise<number | undefined>;
  /** Whether it says of itself that it leads. */
  leads(): Promise<boolean>;
  /** What it has logged so far. */
  log(): Promise<readonly LogLine[]>;
}

interface LogLine {
  readonly level: string;
  /** ISO 8601. */
  readonly time: string;
  readonly msg: string;
  /** `<namespace>/<name>`. */
  readonly monitor?: string;
  readonly [field: string]: unknown;
}

interface OperatorSettings {
  readonly name: string;
  readonly kubeconfig: string;
  readonly awsURL: string;
  readonly credentials: UserCredentials;
  /** On top of those below. */
  readonly flags: Readonly<Record<string, string>>;
  /** For its log. */
  readonly directory: string;
}

const repository = join(import.meta.dirname, '../../../..');

/** `node src/main.ts` with nothing of this machine's own AWS configuration. Returns at once. */
export async function startOperatorProcess(settings: OperatorSettings): Promise<OperatorProcess> {
  const { name, kubeconfig, awsURL, credentials, directory } = settings;
  const healthPort = await freePort();
  const metricsPort = await freePort();
  const logPath = join(directory, `${name}.log`);
  const flags = {
    kubeconfig,
    'aws-endpoint': awsURL,
    'health-address': `127.0.0.1:${healthPort}`,
    'metrics-address': `127.0.0.1:${metricsPort}`,
    // One line for each pass.
    'log-level': 'debug',
    ...settings.flags,
  };
  const server = startServer(
    process.execPath,
    ['src/main.ts', ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
    logPath,
    {
      cwd: repository,
      env: {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: '',
        AWS_PROFILE: '',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    },
  );
  return {
    ...server,
    name,
    probe: (path) => get(`http://127.0.0.1:${healthPort}${path}`).then((answer) => answer?.status),
    leads: async () => {
      const answer = await get(`http://127.0.0.1:${metricsPort}/metrics`);
      return /^leader_election_master_status\{.*\} 1$/m.test(answer?.body ?? '');
    },
    log: async () => {
      const text = await readFile(logPath, 'utf8');
      // The last line may be half written.
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
      return lines.filter((line) => line.startsWith('{')).map((line): LogLine => JSON.parse(line));
    },
  };
}

async function get(url: string): Promise<{ readonly status: number; readonly body: string } | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    return { status: response.status, body: await response.text() };
  } catch {
    return undefined;
  }
}
