import { parse } from 'yaml';
import { globMatch } from '#src/domain/glob.ts';
import type { Access } from '#src/reconcile/ports.ts';

/** One entry of the credentials list: what the named namespaces may use. */
interface Entry {
  /** Names or globs. */
  readonly namespaces: readonly string[];
  readonly ownAccount: boolean;
  readonly roleARNs: readonly string[];
  readonly actionARNs: readonly string[];
  readonly externalID?: string;
}

/** What the platform allows each namespace; whatever no entry names is denied. */
export type AccessList = (namespace: string) => Access;

export const denyAll: AccessList = () => ({ ownAccount: false, roleARNs: [], actionARNs: [] });

/** In force while the list cannot be understood. */
export const unreadable: AccessList = (namespace) => ({ ...denyAll(namespace), unreadable: true });

/** The key of the ConfigMap that holds the list. */
export const accessListKey = 'credentials.yaml';

/**
 * Reads the list from the text of the ConfigMap. All entries that name a namespace count together; the first
 * externalID wins. Throws a sentence that says which entry is wrong: a list that is half understood allows nothing.
 */
export function parseAccessList(text: string): AccessList {
  const value: unknown = parse(text);
  if (!Array.isArray(value)) throw new Error(`${accessListKey} must be a list of entries with namespaces`);
  const entries = value.map(parseEntry);
  return (namespace) => {
    const mine = entries.filter((entry) => entry.namespaces.some((glob) => globMatch(glob, namespace)));
    const externalID = mine.find((entry) => entry.externalID !== undefined)?.externalID;
    return {
      ownAccount: mine.some((entry) => entry.ownAccount),
      roleARNs: mine.flatMap((entry) => entry.roleARNs),
      actionARNs: mine.flatMap((entry) => entry.actionARNs),
      ...(externalID !== undefined && { externalID }),
    };
  };
}

const members = ['namespaces', 'ownAccount', 'roleARNs', 'actionARNs', 'externalID'];

function parseEntry(value: unknown, index: number): Entry {
  const at = `${accessListKey}: entry ${index + 1}`;
  if (typeof value !== 'object' || value === null) throw new Error(`${at} must be an object with namespaces`);
  const entry: { readonly [member: string]: unknown } = { ...value };
  const unknown = Object.keys(entry).find((member) => !members.includes(member));
  if (unknown !== undefined) throw new Error(`${at}: unknown member ${unknown}; an entry holds ${members.join(', ')}`);
  const { ownAccount = false, externalID } = entry;
  if (typeof ownAccount !== 'boolean') throw new Error(`${at}: ownAccount must be true or false`);
  if (externalID !== undefined && typeof externalID !== 'string') throw new Error(`${at}: externalID must be a string`);
  const namespaces = strings(entry['namespaces'], `${at}: namespaces`);
  if (namespaces.length === 0) throw new Error(`${at}: namespaces must name at least one namespace or glob`);
  return {
    namespaces,
    ownAccount,
    roleARNs: strings(entry['roleARNs'], `${at}: roleARNs`),
    actionARNs: strings(entry['actionARNs'], `${at}: actionARNs`),
    ...(externalID !== undefined && { externalID }),
  };
}

function strings(value: unknown, what: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw new Error(`${what} must be a list of strings`);
  return value;
}
