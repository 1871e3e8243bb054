import { createHash } from 'node:crypto';
import type { Owner } from '#src/domain/owner.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { Mark, QueryDefinition, Tags } from '#src/domain/resource.ts';

/** A text that AWS keeps, split into what people read and our mark. */
export interface Marked {
  readonly text: string;
  readonly mark: Mark;
  /** Of the tags that were in force when an alarm's mark was written; absent: none is known. */
  readonly tagsHash?: string;
}

const owner = String.raw`(?<by>[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+)`;
const alarmLine = new RegExp(`^bedrockmonitor ${owner} (?<hash>[0-9a-f]{8})$`);
const queryLine = new RegExp(`^(?:# bedrockmonitor ${owner}|/\\* bedrockmonitor ${owner.replace('by', 'by2')} \\*/)$`);

/** In place of a hash, while the tags of an alarm are being changed: that of no tags. */
const CHANGING = '00000000';

/**
 * An alarm's description with the mark as its last line. The hash over the declared tags tells, without reading tags,
 * whether they are still those: they are put in place before the line is written, and until then it says `Changing`.
 */
export function markDescription(text: string, by: Owner, tags: Tags | 'Changing'): string {
  const line = `bedrockmonitor ${ownerMark(by)} ${tags === 'Changing' ? CHANGING : tagsHash(tags)}`;
  return text === '' ? line : `${text}\n${line}`;
}

/** Reads it back. Only the last line counts; a description without it is all text. */
export function readDescription(description: string): Marked {
  const end = description.lastIndexOf('\n');
  const found = alarmLine.exec(description.slice(end + 1))?.groups;
  if (found?.['by'] === undefined || found['hash'] === undefined) return { text: description, mark: { state: 'None' } };
  return {
    text: description.slice(0, Math.max(end, 0)),
    mark: { state: 'Owned', by: found['by'] },
    tagsHash: found['hash'],
  };
}

/** Whether a hash that was read says that other tags than these are in place: they are to be known for unknown before that changes. */
export function saysOtherTags(hash: string | undefined, tags: Tags): boolean {
  return hash !== undefined && hash !== CHANGING && hash !== tagsHash(tags);
}

/** The first 8 hex digits of SHA-256 over the tags, in order of their keys. */
export function tagsHash(tags: Tags): string {
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 8);
}

/** A saved query with the mark as a comment in its first line, in the comment of its language. */
export function markQuery(query: string, language: QueryDefinition['queryLanguage'], by: Owner): string {
  const mark = `bedrockmonitor ${ownerMark(by)}`;
  return `${language === 'CWLI' ? `# ${mark}` : `/* ${mark} */`}\n${query}`;
}

/** Reads it back. */
export function readQuery(query: string): Marked {
  const end = query.indexOf('\n');
  const found = queryLine.exec(end < 0 ? query : query.slice(0, end))?.groups;
  const by = found?.['by'] ?? found?.['by2'];
  if (by === undefined) return { text: query, mark: { state: 'None' } };
  return { text: end < 0 ? '' : query.slice(end + 1), mark: { state: 'Owned', by } };
}

/** Whether the mark is this owner's. */
export function isMarkOf(mark: Mark, by: Owner): boolean {
  return mark.state === 'Owned' && mark.by === ownerMark(by);
}

/** The mark in a resource's tags: both of ours, as planning declares them. */
export function markOfTags(tags: Tags): Mark {
  const cluster = tags['bedrockmonitor.io/cluster'];
  const monitor = tags['bedrockmonitor.io/monitor'];
  return cluster && monitor ? { state: 'Owned', by: `${cluster}/${monitor}` } : { state: 'None' };
}
