import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { createAws } from '#src/playground/aws/simulator.ts';
import type { LogGroup } from '#src/playground/aws/state.ts';
import { fakeClock } from './fake-clock.ts';

/** A row of results without the pointer to its event. */
export type Row = Readonly<Record<string, string>>;

const accountID = '111122223333';
const region = 'us-east-1';

/** A log group of the simulator and Logs Insights over it, through the SDK. */
export function insights(group = '/aws/bedrock/records', logGroupClass: LogGroup['logGroupClass'] = 'STANDARD') {
  const clock = fakeClock('2026-11-24T11:00:00Z');
  const aws = createAws({ clock, consistency: { windowMs: 0 } });
  const account = aws.account(accountID);
  const records = account.logGroup(region, { name: group, logGroupClass, creationTime: Date.parse('2026-11-01') });
  const client = new CloudWatchLogsClient({
    region,
    credentials: account.credentials(),
    maxAttempts: 1,
    requestHandler: aws.requestHandler,
  });
  const start = async (queryString: string, input: { readonly limit?: number } = {}) => {
    const time = { startTime: Date.parse('2026-11-24') / 1000, endTime: clock.now() / 1000 };
    const answer = await client.send(new StartQueryCommand({ logGroupName: group, queryString, ...time, ...input }));
    return answer.queryId ?? '';
  };
  const results = async (queryId: string) => {
    const answer = await client.send(new GetQueryResultsCommand({ queryId }));
    const rows = (answer.results ?? []).map(
      (row): Row =>
        Object.fromEntries(
          row
            .filter(({ field }) => field !== '@ptr')
            .map(({ field = '', value = '' }): [string, string] => [field, value]),
        ),
    );
    return { ...answer, rows };
  };
  return {
    aws,
    clock,
    client,
    region: account.region(region),
    group: records,
    start,
    results,
    /** Runs a query to its end: its rows. */
    async query(queryString: string, input: { readonly limit?: number } = {}): Promise<readonly Row[]> {
      const id = await start(queryString, input);
      await clock.advance(2000);
      return (await results(id)).rows;
    },
  };
}
