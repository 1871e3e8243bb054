import { isDeepStrictEqual } from 'node:util';
import type { Claim, Claimant, Singular, Standing } from '#src/domain/claim.ts';
import { id, standing } from '#src/domain/claim.ts';
import { isoSeconds } from '#src/domain/conditions.ts';
import { nameFor } from '#src/domain/foreign-names.ts';
import type { Trouble } from '#src/domain/result.ts';
import type { Pass } from './pass.ts';
import type { HeldClaim, Singleton } from './ports.ts';

/** How often a hand-over is looked at: nothing tells the one that leaves when the other has taken over. */
export const HAND_OVER_MS = 5_000;

/** Where one monitor stands with what AWS has once per account and Region, as its claim tells. */
export interface Stand {
  readonly at: Singleton;
  readonly held: HeldClaim | undefined;
  readonly standing: Standing;
}

/** Reads the claim, and whether its holder still asks. No write. */
export async function stand(pass: Pass, of: Singular): Promise<Stand> {
  const { claims, neighbours } = pass.ports;
  const at = singleton(pass, of);
  const held = await claims.read(at, pass.signal);
  const me = claimant(pass);
  const holder = held?.claim.holder;
  const holderAsks = holder !== undefined && holder !== id(me) && (await neighbours.asks(holder, at, pass.signal));
  return { at, held, standing: standing(me, held?.claim, holderAsks, neighbours.rivals(me, at)) };
}

/** The one thing of the account and Region that this pass acts in. */
export function singleton({ place: { accountID, region } }: Pass, of: Singular): Singleton {
  return { of, accountID, region };
}

/** What keeps this monitor from touching the thing, and all that stands on it; undefined: nothing does. */
export function conflict({ standing, at }: Stand, pass: Pass): Trouble | undefined {
  if (standing.kind === 'Holder' || standing.kind === 'Take') return undefined;
  const { noun, one, remedy } = words[at.of];
  const what = `${noun} of account ${at.accountID} in ${at.region}`;
  const who = standing.kind === 'Behind' ? standing.first : standing.holder;
  const since = standing.kind === 'Conflict' && standing.since !== undefined ? standing.since : undefined;
  const does =
    standing.kind === 'Behind'
      ? `asked first for ${what} and is to take it`
      : `holds ${what}${since === undefined ? '' : ` since ${isoSeconds(Date.parse(since))}`}`;
  return {
    kind: 'stall',
    reason: 'Conflict',
    message: `${nameOf(who, pass)} ${does}. AWS has one ${one} per account and Region: remove ${remedy} from this monitor or from that one`,
  };
}

const words: Readonly<Record<Singular, { readonly noun: string; readonly one: string; readonly remedy: string }>> = {
  'invocation-logging': {
    noun: 'invocation logging',
    one: 'such configuration',
    remedy: 'invocationLogging (and dataProtection)',
  },
  sink: { noun: 'the observability sink', one: 'sink', remedy: 'crossAccount.sink' },
};

/** Takes the claim, or keeps it, with these changes. Written if anything in it changes; none at rest. */
export async function hold(
  pass: Pass,
  { at, held }: Pick<Stand, 'at' | 'held'>,
  change: Partial<Claim>,
): Promise<HeldClaim> {
  const old = held?.claim;
  const mine = old?.holder === id(pass.owner);
  const claim: Claim = {
    ...old,
    ...change,
    holder: id(pass.owner),
    holderUID: pass.owner.uid,
    acquireTime: mine && old.acquireTime ? old.acquireTime : new Date(pass.ports.clock.now()).toISOString(),
  };
  if (held !== undefined && isDeepStrictEqual(old, claim)) return held;
  return pass.ports.claims.write(at, claim, held, pass.signal);
}

/** `namespace/name` as messages of this monitor may name it. */
export function nameOf(monitor: string, { owner, ports }: Pass): string {
  const [namespace = '', name = ''] = monitor.split('/');
  return nameFor({ namespace, name }, owner.namespace, ports.settings.hideForeignNames);
}

function claimant(pass: Pass): Claimant {
  const { namespace, name, uid, creationTimestamp } = pass.monitor.metadata;
  return { namespace, name, uid, createdAt: creationTimestamp };
}
