import type { IndexPolicy } from '@aws-sdk/client-cloudwatch-logs';
import { Stalled } from '#src/domain/failure.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { listOf, objectOf } from '#src/domain/json.ts';
import { indexMark } from '#src/domain/names.ts';
import type { Change, FieldIndexPolicy, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { isAbsent } from './errors.ts';
import { allPages } from './pages.ts';
import { parseDocument } from './policy-document.ts';
import type { Session } from './session.ts';
import { setDifferences } from './structural-diff.ts';

/** What every mark begins with; the schema keeps users' fields from it. */
const MARK = 'bedrockmonitor_';

/**
 * The field index policy of one log group: AWS has one a group, without name or tags, and a put replaces it whole. The
 * mark is an indexed field that no record has. A group's own policy hides that of the account, so neither that nor what
 * others indexed is replaced by one with fewer fields.
 */
export function fieldIndexPolicies(session: Session): ResourceHandler<'FieldIndexPolicy'> {
  const mark = indexMark(session.owner, session.place);
  return {
    async observe({ name }, _marks, signal) {
      const found = (await policiesOf(session, name, signal)).find(({ source }) => source !== 'ACCOUNT');
      return found === undefined ? session.absent({ kind: 'FieldIndexPolicy', name }) : observed(name, found);
    },
    diff,
    async apply(desired, now, signal) {
      const ref = { kind: 'FieldIndexPolicy', name: desired.name } as const;
      await keepsOthers(session, desired, now, signal);
      const policyDocument = JSON.stringify(documentOf(desired, mark, typesOf(now)));
      const input = { logGroupIdentifier: desired.name, policyDocument };
      await session.call('logs:PutIndexPolicy', desired.name, input, signal);
      if (now === undefined) session.created(ref);
      return ref;
    },
    async delete({ name }, _now, signal) {
      try {
        await session.call('logs:DeleteIndexPolicy', name, { logGroupIdentifier: name }, signal);
      } catch (error) {
        // The policy, or the log group with it.
        if (!isAbsent(error)) throw error;
      }
      session.deleted({ kind: 'FieldIndexPolicy', name });
    },
  };
}

/** The group's own, and the account's where the group has none. A log group that is missing has neither. */
async function policiesOf(session: Session, name: string, signal: AbortSignal): Promise<readonly IndexPolicy[]> {
  try {
    return await allPages(async (nextToken) => {
      const input = { logGroupIdentifiers: [name], nextToken };
      const page = await session.call('logs:DescribeIndexPolicies', name, input, signal);
      return { items: page.indexPolicies, next: page.nextToken };
    });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function keepsOthers(
  session: Session,
  { name, fields }: FieldIndexPolicy,
  now: Observed<'FieldIndexPolicy'> | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (now !== undefined && now.mark.state !== 'None') return;
  const account =
    now === undefined
      ? (await policiesOf(session, name, signal)).find(({ source }) => source === 'ACCOUNT')
      : undefined;
  const theirs = account === undefined ? (now?.resource.fields ?? []) : fieldsOf(parsed(account));
  const lost = theirs.filter((field) => !fields.includes(field));
  if (lost.length === 0) return;
  const whose =
    account === undefined
      ? 'an index policy that no BedrockMonitor made'
      : `the index policy ${account.policyName ?? ''} of the account, which one of its own would put out of force`;
  throw new Stalled(
    'NotOwned',
    `log group ${name} has ${whose}, with fields that fieldIndexes does not name: ${lost.join(', ')}. Add them to fieldIndexes, or remove fieldIndexes`,
  );
}

/** A field that others made a facet stays one. */
function documentOf({ fields }: FieldIndexPolicy, mark: string, types: JsonObject): JsonObject {
  const typed = fields.filter((field) => Object.hasOwn(types, field));
  return {
    Fields: [...fields.filter((field) => !typed.includes(field)), mark],
    ...(typed.length > 0 && { FieldsV2: Object.fromEntries(typed.map((field) => [field, types[field] ?? {}])) }),
  };
}

function diff(desired: FieldIndexPolicy, { resource }: Observed<'FieldIndexPolicy'>): readonly Change[] {
  return setDifferences('fields', resource.fields, desired.fields);
}

function observed(name: string, policy: IndexPolicy): Observed<'FieldIndexPolicy'> {
  const document = parsed(policy);
  const all = fieldsOf(document);
  const by = all.find((field) => field.startsWith(MARK));
  return {
    resource: { kind: 'FieldIndexPolicy', name, fields: all.filter((field) => !field.startsWith(MARK)).sort() },
    mark: by === undefined ? { state: 'None' } : { state: 'Owned', by },
    raw: objectOf(document['FieldsV2']),
  };
}

/** Of `Fields`, and of `FieldsV2`, where each has a type; a field is in one of them. */
function fieldsOf(document: JsonObject): readonly string[] {
  const plain = listOf(document['Fields']).filter((field) => typeof field === 'string');
  return [...plain, ...Object.keys(objectOf(document['FieldsV2']))];
}

function parsed({ policyDocument = '' }: IndexPolicy): JsonObject {
  return parseDocument(policyDocument) ?? {};
}

function typesOf(now: Observed<'FieldIndexPolicy'> | undefined): JsonObject {
  const raw = now?.raw;
  // It was made in `observed`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return typeof raw === 'object' && raw !== null ? (raw as JsonObject) : {};
}
