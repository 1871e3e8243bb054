import type { ResourceRef } from '#src/domain/resource.ts';
import { classify } from './errors.ts';

/**
 * What a search finds, or nothing where sinks and links may not be listed, or where AWS has none in this Region: whoever
 * may not list them has made none, and most monitors have neither.
 */
export async function orNothing<R extends ResourceRef>(search: () => Promise<readonly R[]>): Promise<readonly R[]> {
  try {
    return await search();
  } catch (error) {
    const kind = classify(error);
    if (kind === 'Denied' || kind === 'Region' || kind === 'Absent') return [];
    throw error;
  }
}
