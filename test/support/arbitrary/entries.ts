import * as fc from 'fast-check';
import { SEVERITIES } from '#src/api/schema/notifications.ts';
import { surroundings } from './surroundings.ts';

/** Few, so that two specs in a row keep, rename and retype entries. */
export const entryName = fc.constantFrom('calls', 'errors', 'latency', 'overview', 'a', 'z9-z', 'log-delivery-failure');

const [nova, claude] = surroundings.models;
const profile = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/q1w2e3r4t5y6';
/** Named in full, by ARN, and by patterns of which some traffic matches one. */
export const models = fc.oneof(
  { weight: 3, arbitrary: fc.subarray([nova, claude, profile]) },
  { weight: 1, arbitrary: fc.constantFrom(['*anthropic.*'], ['*'], [nova, 'cohere.*']) },
);
/** At least one that is there. */
export const someModels = fc.subarray([nova, claude], { minLength: 1 });

export const actions = fc.subarray([...surroundings.topicARNs]);
export const severity = fc.constantFrom(...SEVERITIES);
export const threshold = fc.oneof(fc.integer({ min: -5, max: 100_000 }), fc.constantFrom(0.05, 99.9));
export const description = fc.constantFrom('Who is called?', 'Ünïcode — "quoted"');
export const runbookURL = fc.constant('https://runbooks.example.com/bedrock');

/** Every member optional, but those that are named. */
export function some<T, K extends keyof T>(members: { [Key in keyof T]: fc.Arbitrary<T[Key]> }, ...requiredKeys: K[]) {
  return fc.record<T, K>(members, { requiredKeys });
}

/** Entries under names of their own. */
export function entries<T extends { readonly name: string }>(
  entry: fc.Arbitrary<T>,
  maxLength: number,
): fc.Arbitrary<T[]> {
  return fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength });
}
