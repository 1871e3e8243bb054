import { globSync, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Json } from '#src/domain/json.ts';
import { ingest, streamOf } from '#src/playground/aws/log-events.ts';
import type { LogGroup, Region } from '#src/playground/aws/state.ts';

/** An event as Bedrock delivers it to the log group. */
export interface InvocationRecord {
  /** The name of its file in test/fixtures/invocation-records. */
  readonly name: string;
  /** One line: JSON without blanks, or the text that is not JSON. */
  readonly message: string;
  /** Milliseconds: the time that the record has, for the line that has none a minute before all others. */
  readonly timestamp: number;
}

const directory = 'test/fixtures/invocation-records';
const first = Date.parse('2026-11-24T10:00:00Z');

/**
 * Records in the shapes that Bedrock delivers: the order of members of live ones, with the caller and schemaType after
 * the bodies, and once the order of the documented example.
 */
export const invocationRecords: readonly InvocationRecord[] = globSync(`${directory}/*`)
  .map((file): InvocationRecord => {
    const text = readFileSync(file, 'utf8').trim();
    const name = basename(file, extname(file));
    if (!file.endsWith('.json')) return { name, message: text, timestamp: first };
    const record: { readonly timestamp: string } & Record<string, Json> = JSON.parse(text);
    return { name, message: JSON.stringify(record), timestamp: Date.parse(record.timestamp) };
  })
  .toSorted((a, b) => a.timestamp - b.timestamp);

/** Puts all of them into a simulated log group; what its masking policy masks reads as masked. */
export function ingestRecords(
  region: Region,
  group: LogGroup,
  records: readonly InvocationRecord[] = invocationRecords,
): void {
  const stream = streamOf(group, 'aws/bedrock/modelinvocations', first);
  for (const { message, timestamp } of records) ingest(region, group, stream, message, timestamp, timestamp);
}
