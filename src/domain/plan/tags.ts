import type { Owner } from '../owner.ts';
import type { Tags } from '../resource.ts';

/** The user's tags and ours, which win: they are the mark of everything that AWS can tag. */
export function declaredTags(owner: Owner, tags: Tags | undefined): Tags {
  return { ...tags, ...ownerTags(owner) };
}

/** `bedrockmonitor.io/cluster` and `bedrockmonitor.io/monitor` (`<namespace>/<monitor>`). */
export function ownerTags(owner: Owner): Tags {
  return {
    'bedrockmonitor.io/cluster': owner.cluster,
    'bedrockmonitor.io/monitor': `${owner.namespace}/${owner.name}`,
  };
}
