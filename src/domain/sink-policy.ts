import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from './json.ts';
import { isJsonObject, objectOf } from './json.ts';
import { statementsOf } from './policy-statements.ts';
import type { Sink } from './resource.ts';

/** Our statements in the policy of a sink, and those of others that we keep. */
const ACCOUNTS = 'BedrockMonitorAccounts';
const ORGANIZATIONS = 'BedrockMonitorOrganizations';
const KEPT = 'BedrockMonitorKept';

type Admitted = Pick<Sink, 'sourceAccountIDs' | 'organizationIDs' | 'resourceTypes'>;

/** The policy as AWS is to hold it: exactly what is admitted, and the statements beside it (OAM API reference, PutSinkPolicy). */
export function sinkPolicy(sink: Admitted & Pick<Sink, 'otherStatements'>): JsonObject {
  return { Version: '2012-10-17', Statement: [...admitting(sink), ...sink.otherStatements] };
}

function admitting({ sourceAccountIDs, organizationIDs, resourceTypes }: Admitted): readonly JsonObject[] {
  const types = { 'ForAllValues:StringEquals': { 'oam:ResourceTypes': [...resourceTypes].sort() } };
  const statement = (Sid: string, Principal: Json, Condition: JsonObject): JsonObject => ({
    Sid,
    Effect: 'Allow',
    Principal,
    Action: ['oam:CreateLink', 'oam:UpdateLink'],
    Resource: '*',
    Condition,
  });
  const organizations = { StringEquals: { 'aws:PrincipalOrgID': [...organizationIDs].sort() } };
  return [
    ...(sourceAccountIDs.length > 0 ? [statement(ACCOUNTS, { AWS: [...sourceAccountIDs].sort() }, types)] : []),
    ...(organizationIDs.length > 0 ? [statement(ORGANIZATIONS, '*', { ...types, ...organizations })] : []),
  ];
}

/**
 * What a policy in AWS admits by statements of our form, and all its other statements. AWS may write an account as the
 * ARN of its root, and a list of one as a text.
 */
export function readSinkPolicy(policy: JsonObject | undefined): Admitted & Pick<Sink, 'otherStatements'> {
  let found: Admitted = { sourceAccountIDs: [], organizationIDs: [], resourceTypes: [] };
  const others: JsonObject[] = [];
  let types: readonly string[] | undefined;
  for (const statement of statementsOf(policy)) {
    const said = admittedBy(statement);
    const one = said && (types === undefined || isDeepStrictEqual(types, said.resourceTypes)) ? said : undefined;
    if (one === undefined) {
      others.push(statement);
      continue;
    }
    types = one.resourceTypes;
    found = {
      sourceAccountIDs: [...new Set([...found.sourceAccountIDs, ...one.sourceAccountIDs])].sort(),
      organizationIDs: [...new Set([...found.organizationIDs, ...one.organizationIDs])].sort(),
      resourceTypes: one.resourceTypes,
    };
  }
  return { ...found, otherStatements: others };
}

/**
 * The sink as it is to be where AWS has one already. A policy is only ever put whole, so of a sink that is taken over
 * every statement stays that admits others, under a name by which it is known again: nobody is locked out without a
 * word. Of one that is `ours` those stay that were kept then; what others added since is theirs no more than any drift.
 */
export function keepingStatements(desired: Sink, observed: Sink, ours: boolean): Sink {
  if (ours) return { ...desired, otherStatements: observed.otherStatements.filter(isKept) };
  const own = admitting(desired).map(withoutName);
  const kept = observed.otherStatements
    .filter((statement) => !own.some((one) => isDeepStrictEqual(one, withoutName(statement))))
    .map((statement, index) => ({ ...statement, Sid: `${KEPT}${index + 1}` }));
  return { ...desired, otherStatements: kept };
}

/** Whom the kept statements of a sink admit, for people; empty: there are none. */
export function admittedBesides({ otherStatements }: Pick<Sink, 'otherStatements'>): readonly string[] {
  const named = otherStatements.filter(isKept).flatMap((statement) => {
    const accounts = principalsOf(statement);
    if (!everybody(statement)) return accounts;
    const conditions = Object.values(objectOf(statement['Condition'])).flatMap((keys) =>
      isJsonObject(keys)
        ? Object.keys(keys)
            .filter((key) => key.startsWith('aws:PrincipalOrg'))
            .flatMap((key) => strings(keys, key))
        : [],
    );
    return conditions.length > 0 ? conditions : ['every AWS account'];
  });
  return [...new Set(named)];
}

function admittedBy(statement: JsonObject): Admitted | undefined {
  const condition = objectOf(statement['Condition']);
  const said: Admitted = {
    sourceAccountIDs: statement['Sid'] === ACCOUNTS ? principalsOf(statement).toSorted() : [],
    organizationIDs:
      statement['Sid'] === ORGANIZATIONS
        ? strings(objectOf(condition['StringEquals']), 'aws:PrincipalOrgID').toSorted()
        : [],
    resourceTypes: strings(objectOf(condition['ForAllValues:StringEquals']), 'oam:ResourceTypes').toSorted(),
  };
  const [own] = admitting(said);
  return own !== undefined && isDeepStrictEqual(withoutName(own), withoutName(statement)) ? said : undefined;
}

/** By meaning: lists sorted, a text for a list of one, an account for its root. */
function withoutName(statement: JsonObject): Json {
  const { Sid: _, ...rest } = statement;
  return canonical({ ...rest, Principal: everybody(statement) ? '*' : (statement['Principal'] ?? null) });
}

function everybody(statement: JsonObject): boolean {
  return principalsOf(statement).includes('*');
}

function canonical(value: Json): Json {
  if (typeof value === 'string') return [accountOf(value)];
  if (Array.isArray(value)) return value.flatMap((one: Json) => canonical(one)).toSorted(byText);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]): [string, Json] => [key, canonical(inner)]));
}

function principalsOf(statement: JsonObject): readonly string[] {
  const { Principal: principal } = statement;
  if (isJsonObject(principal)) return strings(principal, 'AWS').map(accountOf);
  return principal === '*' ? ['*'] : [];
}

function accountOf(principal: string): string {
  return /^arn:[^:]+:iam::(?<id>[0-9]{12}):root$/.exec(principal)?.groups?.['id'] ?? principal;
}

function isKept({ Sid: name }: JsonObject): boolean {
  return typeof name === 'string' && name.startsWith(KEPT);
}

function strings(owner: JsonObject, member: string): readonly string[] {
  const value = owner[member];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one: Json) => typeof one === 'string') : [];
}

function byText(a: Json, b: Json): number {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}
