import type { Claim } from '#src/domain/claim.ts';
import { singulars } from '#src/domain/claim.ts';
import type { Lease, Leases } from '#src/kubernetes/lease.ts';
import { microTime } from '#src/kubernetes/micro-time.ts';
import { MOST_SAVED } from '#src/reconcile/foreign.ts';
import type { Claims, HeldClaim, Singleton } from '#src/reconcile/ports.ts';
import { namesMonitor } from './monitors.ts';

/** Annotations of a claim's Lease: of what AWS held before us, by us, and is about to hold. */
const annotation = {
  holderUID: 'bedrockmonitor.io/holder-uid',
  previous: 'bedrockmonitor.io/previous',
  written: 'bedrockmonitor.io/written',
  intended: 'bedrockmonitor.io/intended',
} as const;
const members = [
  'holderUID',
  'previous',
  'written',
  'intended',
] as const satisfies readonly (keyof typeof annotation)[];

const claimName = new RegExp(`^claim-(\\d{12})-([a-z0-9-]+?)-(${singulars.join('|')})$`);

/** The name of the Lease that claims what one account and Region has once. */
export function claimLeaseName({ of, accountID, region }: Singleton): string {
  return `claim-${accountID}-${region}-${of}`;
}

/** What a Lease claims; undefined: it is no claim of ours. */
export function singletonOf(leaseName: string): Singleton | undefined {
  const [, accountID, region, thing] = claimName.exec(leaseName) ?? [];
  const of = singulars.find((one) => one === thing);
  return accountID === undefined || region === undefined || of === undefined ? undefined : { of, accountID, region };
}

/**
 * Claims as Leases of the claim namespace. No renewTime and no duration: a claim never expires. Read live; written as a
 * PUT of exactly the version that was read, so that two that claim at once cannot both win.
 */
export function createClaims(leases: Leases): Claims {
  const held = (lease: Lease): HeldClaim => ({
    claim: claimOf(lease),
    uid: lease.metadata.uid ?? '',
    version: lease.metadata.resourceVersion ?? '',
  });
  return {
    async read(at, signal) {
      const lease = await leases.get(claimLeaseName(at), signal);
      return lease === undefined ? undefined : held(lease);
    },
    async write(at, claim, before, signal) {
      const lease = leaseOf(at, claim, before);
      return held(await (before === undefined ? leases.create(lease, signal) : leases.replace(lease, signal)));
    },
    remove: (at, before, signal) => leases.delete(leaseOf(at, before.claim, before), signal),
  };
}

/**
 * What a claim's Lease says. What no operator writes, a person has written, and it counts for nothing: a holder that
 * names no monitor, or a saved configuration that is longer than any that is saved.
 */
export function claimOf({ spec, metadata }: Lease): Claim {
  const { annotations = {} } = metadata;
  const texts = members.flatMap((member) => {
    const text = annotations[annotation[member]];
    const isOurs = text !== undefined && (member !== 'previous' || text.length <= MOST_SAVED);
    return isOurs ? [[member, text] as const] : [];
  });
  const { holderIdentity = '' } = spec ?? {};
  return {
    ...(namesMonitor(holderIdentity) && { holder: holderIdentity }),
    ...(spec?.acquireTime && { acquireTime: new Date(spec.acquireTime).toISOString() }),
    ...Object.fromEntries(texts),
  };
}

function leaseOf(at: Singleton, claim: Claim, before: HeldClaim | undefined): Lease {
  const texts = members.flatMap((member) => {
    const text = claim[member];
    return text === undefined ? [] : [[annotation[member], text] as const];
  });
  return {
    metadata: {
      name: claimLeaseName(at),
      ...(before !== undefined && { uid: before.uid, resourceVersion: before.version }),
      annotations: Object.fromEntries(texts),
    },
    spec: {
      ...(claim.holder !== undefined && { holderIdentity: claim.holder }),
      ...(claim.acquireTime !== undefined && { acquireTime: microTime(Date.parse(claim.acquireTime)) }),
    },
  };
}
