import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One request as kube-apiserver's audit log has it; of its fields those that say who did what. */
export interface AuditEvent {
  readonly stage: string;
  /** ISO 8601. */
  readonly requestReceivedTimestamp: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string; readonly groups?: readonly string[] };
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number; readonly reason?: string };
  /** Under `authorization.k8s.io/decision`, what RBAC said: `allow` or `forbid`. */
  readonly annotations?: Readonly<Record<string, string>>;
}

const logName = 'audit.log';

/** Flags that make kube-apiserver note who did what, without bodies. A watch is noted when it starts, and when it ends. */
export async function auditFlags(directory: string): Promise<readonly string[]> {
  const policy = join(directory, 'audit-policy.json');
  const rules = [{ level: 'None', userGroups: ['system:masters'] }, { level: 'Metadata' }];
  const body = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'], rules };
  await writeFile(policy, JSON.stringify(body));
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${join(directory, logName)}`];
}

/** What callers outside system:masters did, oldest first. */
export async function readAuditLog(directory: string): Promise<readonly AuditEvent[]> {
  const text = await readFile(join(directory, logName), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): AuditEvent => JSON.parse(line));
}
