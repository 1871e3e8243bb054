import { about } from '../kinds.ts';
import { blocked } from './remark.ts';
import type { Part, Planned, Remark } from './types.ts';

/**
 * One AWS resource per name: of two entries that come to one name (an `awsName` written twice) the first keeps it, and
 * the other is left out with a sentence. Applied together they would overwrite each other for ever.
 */
export function withUniqueNames(part: Part, planned: readonly Planned[]): Sifted {
  const owners = new Map<string, string>();
  const resources: Planned[] = [];
  const remarks: Remark[] = [];
  for (const one of planned) {
    const { kind, name } = one.resource;
    const owner = owners.get(name);
    if (owner === undefined) {
      owners.set(name, one.path);
      resources.push(one);
      continue;
    }
    const message = `${one.path} and ${owner} both come to the ${about[kind].noun} name ${name}: give one of them another awsName`;
    remarks.push(blocked(part, one.path, 'InvalidSpec', message));
  }
  return { resources, remarks };
}

export interface Sifted {
  readonly resources: readonly Planned[];
  readonly remarks: readonly Remark[];
}
