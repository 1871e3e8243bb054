import { AwsError } from '../errors.ts';

/**
 * A query that CloudWatch Logs Insights cannot compile. The message names the place, `… at line 2 and position 7`, as
 * AWS's does; `queryCompileError` has it as offsets (StartQuery, CloudWatch Logs API reference).
 */
export function malformed(query: string, message: string, from: number, to: number = from): AwsError {
  const before = query.slice(0, from).split('\n');
  const place = `at line ${before.length} and position ${(before.at(-1)?.length ?? 0) + 1}`;
  const location = { startCharOffset: from, endCharOffset: Math.max(to - 1, from) };
  return new AwsError('MalformedQueryException', `${message} ${place}`, {
    members: { queryCompileError: { location, message: `${message} ${place}` } },
  });
}

/** The query compiles, and cannot be run on what it was asked to run on. */
export function unsupported(message: string): AwsError {
  return new AwsError('MalformedQueryException', message);
}
