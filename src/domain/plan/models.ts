import { globMatch } from '../glob.ts';
import { modelSegment } from '../names.ts';
import { blocked, listed, noted } from './remark.ts';
import type { Facts, Part, Remark } from './types.ts';

/** Models per entry once patterns are resolved: the bound of `status.models`. */
const MAX_MODELS = 50;

/** Whether it stands for all models with traffic that match: `*` is any number of characters. */
export function isPattern(model: string): boolean {
  return model.includes('*');
}

/** The models of one entry. */
export interface Chosen {
  /** By ID, as in AWS's ModelId dimension; undefined: none is named, which means one thing over all models. */
  readonly ids: readonly string[] | undefined;
  /** Those that patterns found, for the status. */
  readonly seen: readonly string[];
  /** A pattern that cannot be resolved, or finds nothing, or too much. */
  readonly remarks: readonly Remark[];
}

/**
 * The models that an entry names, by ID: an ARN stands for its last segment, a pattern for the models with traffic that
 * match it. Two spellings of one model are one model. What a pattern finds is not known without CloudWatch: then only
 * the models named in full are chosen, and the remark keeps the part from being pruned.
 */
export function chooseModels(models: readonly string[] | undefined, facts: Facts, part: Part, path: string): Chosen {
  if (models === undefined || models.length === 0) return { ids: undefined, seen: [], remarks: [] };
  const patterns = models.filter(isPattern);
  const named = models.filter((one) => !isPattern(one)).map(modelSegment);
  if (patterns.length === 0) return { ids: [...new Set(named)], seen: [], remarks: [] };
  const { modelsInUse } = facts;
  if ('unknown' in modelsInUse) {
    const message = `${path}: the models in use could not be read, so ${listed(patterns)} stands for nothing yet, and nothing is removed (${modelsInUse.unknown})`;
    const remark = blocked(part, path, modelsInUse.reason ?? 'DependencyNotReady', message);
    return { ids: [...new Set(named)], seen: [], remarks: [remark] };
  }
  const found = modelsInUse.known.filter((model) => patterns.some((pattern) => globMatch(pattern, model)));
  const idle = patterns.filter((pattern) => !found.some((model) => globMatch(pattern, model)));
  const ids = [...new Set([...named, ...found])];
  const kept = ids.slice(0, MAX_MODELS);
  return {
    ids: kept,
    seen: found.filter((model) => kept.includes(model)),
    remarks: [
      ...(idle.length === 0 ? [] : [noted(part, path, 'NoModelsMatched', idleMessage(path, idle))]),
      ...(ids.length <= MAX_MODELS ? [] : [blocked(part, path, 'TooManyResources', tooMany(path, ids.length))]),
    ],
  };
}

function idleMessage(path: string, patterns: readonly string[]): string {
  return `${path}: no model with traffic matches ${listed(patterns)} yet; CloudWatch lists a model up to 15 minutes after its first call`;
}

function tooMany(path: string, count: number): string {
  return `${path} comes to ${count} models, and an entry holds at most ${MAX_MODELS}: only the first ${MAX_MODELS} are kept, and nothing is deleted. Narrow the patterns`;
}
