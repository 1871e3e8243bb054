import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { isForbidden } from '#src/kubernetes/api-error.ts';
import { keyOf } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import type { Clock } from '#src/kubernetes/clock.ts';
import { systemClock } from '#src/kubernetes/clock.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { createLeases } from '#src/kubernetes/lease.ts';
import type { ExitCode, Terminal } from './command.ts';
import type { Fates } from './fates.ts';
import { loggingLetGo } from './fates.ts';
import { runningOperator } from './operator-running.ts';
import type { OrphanOptions } from './orphan-options.ts';
import { orphanUsage, parseOrphan } from './orphan-options.ts';
import {
  describeClaims,
  describeConfirming,
  describeLeft,
  describeReleases,
  describeUndoing,
} from './orphan-report.ts';
import { findMonitors, readClaims } from './orphan-subjects.ts';
import type { Release } from './release.ts';
import { release } from './release.ts';

/** `bedrock-monitor orphan`: see `orphanMonitors`. */
export async function orphan(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = parseOrphan(argv);
  if (options === undefined) {
    terminal.out(orphanUsage());
    return 0;
  }
  const kubeConfig = loadKubeConfig(options.kubeconfig === undefined ? {} : { file: options.kubeconfig });
  const client = connect({ kubeConfig, fieldManager: 'bedrock-monitor-orphan' });
  try {
    return await orphanMonitors(client, options, terminal, systemClock);
  } finally {
    await client.close();
  }
}

/**
 * Lists what the selected monitors leave in AWS, and then takes our finalizer off them, so that those being deleted can
 * go. Nothing is changed without `yes`, nor while an operator runs. AWS is never called, and no Lease is changed.
 */
export async function orphanMonitors(
  client: Client,
  options: OrphanOptions,
  terminal: Terminal,
  clock: Clock,
): Promise<ExitCode> {
  const say = (lines: readonly string[]) => {
    if (lines.length > 0) terminal.out(`${lines.join('\n')}\n\n`);
  };
  const complain = (text: string) => terminal.err(`bedrock-monitor orphan: ${text}\n`);

  if (!options.force) await refuseWhileOperated(client, options, clock);
  const { selection } = options;
  const { found, missing } = await findMonitors(client, selection);
  for (const name of missing) complain(`there is no monitor ${name}`);
  const everything = selection.kind === 'All' && selection.namespace === undefined;
  const claims = await readClaims(client, options.claimNamespace, everything ? undefined : found).catch((error) => {
    if (!isForbidden(error)) throw error;
    complain(`the claims are not shown: ${error.message}`);
    return [];
  });

  say(describeLeft(found, claims));
  const releases = options.yes ? await releaseAll(client, found) : undefined;
  const fates: Fates = { found, ...(releases && { releases }) };
  say(describeReleases(fates));
  say(describeClaims(claims, fates));
  say(describeUndoing(loggingLetGo(claims, fates)));

  const failures = [...(releases ?? [])].flatMap(([monitor, outcome]) =>
    outcome.kind === 'Failed' ? [`${keyOf(monitor)} was not changed: ${outcome.why}`] : [],
  );
  failures.forEach(complain);
  if (releases === undefined && found.length > 0) say(describeConfirming(options));
  return failures.length + missing.length === 0 ? 0 : 1;
}

async function refuseWhileOperated(client: Client, options: OrphanOptions, clock: Clock): Promise<void> {
  const { operatorNamespace: namespace, leaderElectionID: name } = options;
  const leader = await runningOperator(createLeases(client, namespace), name, clock).catch((error) => {
    if (!isForbidden(error)) throw error;
    throw new Error(`whether an operator is running cannot be told: ${error.message}. --force goes ahead all the same`);
  });
  if (leader === undefined) return;
  throw new Error(
    `an operator is running: ${leader} holds the Lease ${namespace}/${name}. It cleans up in AWS what orphaned monitors leave there: delete monitors while it runs, or stop it first. --force goes ahead all the same`,
  );
}

/** One after the other: a cluster has no hurry, and the order of what is reported stays. */
async function releaseAll(
  client: Client,
  found: readonly BedrockMonitor[],
): Promise<ReadonlyMap<BedrockMonitor, Release>> {
  const releases = new Map<BedrockMonitor, Release>();
  for (const monitor of found) releases.set(monitor, await release(client, monitor));
  return releases;
}
