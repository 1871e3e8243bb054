import type { LogRecord } from './insights/log-record.ts';
import { masked } from './masking.ts';
import type { LogEvent, LogGroup, LogStream } from './state.ts';

/**
 * The events of a group from one time to another, both included, in clock milliseconds, as Logs Insights reads them:
 * masked, and beside that as they were for `unmask`.
 */
export function recordsOf(accountID: string, group: LogGroup, from: number, to: number): readonly LogRecord[] {
  return [...group.streams.values()].flatMap((stream) => {
    const events = stream.events.map((event, index) => ({ event, index }));
    return events
      .filter(({ event }) => event.timestamp >= from && event.timestamp <= to)
      .map(({ event, index }) => recordOf(accountID, group, stream, event, index));
  });
}

function recordOf(accountID: string, group: LogGroup, stream: LogStream, event: LogEvent, index: number): LogRecord {
  const plain: LogRecord = {
    timestamp: event.timestamp,
    message: event.message,
    ingestionTime: event.ingestionTime,
    logStream: stream.name,
    log: `${accountID}:${group.name}`,
    pointer: Buffer.from([group.name, stream.name, index].join('\n')).toString('base64'),
    // "Field discovery is supported only for log groups in the Standard log class" (CloudWatch Logs user guide).
    discovers: group.logGroupClass === 'STANDARD',
  };
  const message = masked(event);
  return message === event.message ? plain : { ...plain, message, unmasked: plain };
}
