import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { id } from '#src/domain/claim.ts';
import { hasFinalizer } from '#src/kubernetes/finalizer.ts';
import { finalizer } from '#src/operator/monitors.ts';
import { columns } from './columns.ts';
import type { Fates } from './fates.ts';
import { fateOf } from './fates.ts';
import type { KeptClaim, LeftLogging } from './left-in-aws.ts';
import { leftInAws } from './left-in-aws.ts';
import type { OrphanOptions } from './orphan-options.ts';
import type { Release } from './release.ts';
import { shellWord } from './shell-word.ts';

/** What stays in AWS, monitor by monitor. It must be out before anything is changed: the monitors are its only record. */
export function describeLeft(found: readonly BedrockMonitor[], claims: readonly KeptClaim[]): readonly string[] {
  const rows = found.flatMap((monitor) =>
    leftInAws(monitor, claims).map(({ kind, name, accountID, region, id: made = '' }) => [
      id(monitor.metadata),
      accountID,
      region,
      kind,
      name,
      made,
    ]),
  );
  const silent = found.filter((one) => hasFinalizer(one, finalizer) && leftInAws(one, claims).length === 0);
  if (found.length === 0) return ['There are no such monitors.'];
  return [
    ...(rows.length === 0
      ? ['As far as the monitors know, nothing of theirs is in AWS.']
      : ['What stays in AWS:', '', ...columns([['MONITOR', 'ACCOUNT', 'REGION', 'KIND', 'NAME', 'ID'], ...rows])]),
    ...silent.flatMap(({ metadata, spec }) => [
      '',
      `The status of ${id(metadata)} lists nothing. If it ever worked, look in ${spec.region} for names that begin with`,
      `bedrockmonitor/CLUSTER/${id(metadata)}/`,
    ]),
  ];
}

/** What became of each monitor, or would. */
export function describeReleases({ found, releases }: Fates): readonly string[] {
  const rows = found.map((monitor) => {
    const done = releases?.get(monitor);
    return [id(monitor.metadata), done === undefined ? prospect(monitor) : result(done)];
  });
  return rows.length === 0 ? [] : columns([['MONITOR', 'RESULT'], ...rows]);
}

function prospect({ metadata }: BedrockMonitor): string {
  const { finalizers = [], deletionTimestamp } = metadata;
  if (!finalizers.includes(finalizer)) return 'has no finalizer of ours: nothing to do';
  if (deletionTimestamp === undefined) return 'would lose its finalizer and stay: it is not being deleted';
  const others = finalizers.filter((one) => one !== finalizer);
  return others.length === 0
    ? 'would lose its finalizer and be gone'
    : `would lose its finalizer, and be held by ${others.join(', ')}`;
}

function result(release: Release): string {
  switch (release.kind) {
    case 'Untouched':
      return 'has no finalizer of ours: nothing to do';
    case 'Gone':
      return 'gone';
    case 'Stays':
      return 'lost its finalizer and stays: it is not being deleted';
    case 'Held':
      return `lost its finalizer, and is held by ${release.by.join(', ')}`;
    case 'Failed':
      return 'NOT CHANGED';
  }
}

/** The claims' Leases, none of which is deleted. */
export function describeClaims(claims: readonly KeptClaim[], fates: Fates): readonly string[] {
  if (claims.length === 0) return [];
  const notes = { Stays: '', Leaving: ' (being deleted)', Gone: ' (gone)' };
  const rows = claims.map(({ of, lease, claim: { holder, previous = of === 'sink' ? '' : 'unknown' } }) => [
    lease,
    holder === undefined ? 'nobody' : `${holder}${notes[fateOf(holder, fates)]}`,
    previous === '' || previous === 'none' || previous === 'unknown' ? previous : 'saved in the Lease',
  ]);
  return [
    'Claims on logging configurations and sinks. These Leases stay, because they remember what AWS held before:',
    '',
    ...columns([['LEASE', 'HOLDER', 'BEFORE'], ...rows]),
  ];
}

/** How to do by hand what the operator would have done last. */
export function describeUndoing(logging: readonly LeftLogging[]): readonly string[] {
  const commands = logging.flatMap(({ accountID, region, before }) => {
    if (before === 'unknown') return [];
    const command =
      before === 'none'
        ? 'delete-model-invocation-logging-configuration'
        : `put-model-invocation-logging-configuration --logging-config ${shellWord(before)}`;
    return [`  # account ${accountID}`, `  aws bedrock ${command} --region ${region}`];
  });
  if (commands.length === 0) return [];
  return ['To put back what AWS held before, where nobody has changed the configuration since:', '', ...commands];
}

/** What to type to have it done. */
export function describeConfirming({ argv }: OrphanOptions): readonly string[] {
  return [
    'Nothing was changed. To do it:',
    '',
    `  bedrock-monitor orphan ${[...argv, '--yes'].map(shellWord).join(' ')}`,
  ];
}
