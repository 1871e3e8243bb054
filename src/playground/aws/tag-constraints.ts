import { type Constraint, required, string, structure } from './constraints.ts';

/** CloudWatch Logs takes tags as a map. */
export const logTagKey: Constraint = string(1, 128, /^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$/u);
export const logTagValue: Constraint = string(0, 256, /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u);

/** CloudWatch takes them as a list of keys and values. */
export const tag: Constraint = structure({ Key: required(string(1, 128)), Value: required(string(0, 256)) });
export const tagLimit = 50;
