import type { Rule } from './shape.ts';

/** Rules between parts of the spec. */
export const specRules: readonly Rule[] = [];
