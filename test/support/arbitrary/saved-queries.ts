import * as fc from 'fast-check';
import { QUERY_PRESETS } from '#src/api/schema/saved-queries.ts';
import type { SavedQueryEntry } from '#src/api/v1alpha1.ts';
import { entryName, some } from './entries.ts';
import { surroundings } from './surroundings.ts';

const logGroupNames = fc.subarray(['/aws/bedrock', surroundings.applicationGroup], { minLength: 1 });

const entry = fc.oneof(
  some({ name: entryName, preset: fc.constantFrom(...QUERY_PRESETS), logGroupNames }, 'name', 'preset'),
  some(
    {
      name: entryName,
      queryString: fc.constantFrom('fields @message', 'filter requestMetadata.team = "{{team}}"\n| limit 5'),
      queryLanguage: fc.constant('CWLI'),
      logGroupNames,
      parameters: fc.subarray([
        { name: 'team', defaultValue: 'search', description: 'As callers write it' },
        { name: 'days' },
      ]),
    },
    'name',
    'queryString',
  ),
  some(
    {
      name: entryName,
      queryString: fc.constant('fields `@message`'),
      queryLanguage: fc.constant('PPL'),
      logGroupNames,
    },
    'name',
    'queryString',
    'queryLanguage',
  ),
  fc.record({
    name: entryName,
    queryString: fc.constant('SELECT `@message` FROM `/app/chat`'),
    queryLanguage: fc.constant('SQL'),
  }),
);

/** A saved query of any form. One that names no log groups needs a spec with one, as `readable` tells. */
export const savedQuery: fc.Arbitrary<SavedQueryEntry> = fc
  .tuple(entry, fc.boolean())
  .map(([one, named]) => ({ ...one, ...(named && { awsName: `by hand/${one.name}` }) }));
