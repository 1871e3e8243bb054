import { modelSegment } from '../names.ts';

/** Whether it stands for all models with traffic that match: `*` is any number of characters. */
export function isPattern(model: string): boolean {
  return model.includes('*');
}

/**
 * The models by ID, as in AWS's ModelId dimension: an ARN stands for its last segment. Two spellings of one model are
 * one model. Undefined where none is named.
 */
export function modelIDs(models: readonly string[] | undefined): readonly string[] | undefined {
  if (models === undefined || models.length === 0) return undefined;
  return [...new Set(models.map(modelSegment))];
}
