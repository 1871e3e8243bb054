import type { JsonObject } from '#src/domain/json.ts';
import type { Api, Target } from './api.ts';
import type { FieldError } from './field-error.ts';
import { forbidden, notSupported } from './field-error.ts';
import type { KubernetesObject } from './json-value.ts';
import { compare } from './json-value.ts';
import type { Selector } from './selectors.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';
import { badRequest, expired, invalidObject, tooLargeResourceVersion } from './status-error.ts';
import { Compacted, keyOfObject } from './store.ts';
import { seen } from './writing.ts';

export interface Listed {
  readonly items: readonly KubernetesObject[];
  /** ListMeta. */
  readonly metadata: JsonObject;
}

const continueExpired =
  'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.';

/** Objects of a collection by `labelSelector`, `fieldSelector`, `limit`, `continue` and `resourceVersion`. Throws 400, 410, 504. */
export function listObjects(api: Api, target: Target, query: URLSearchParams): Listed {
  const { type, namespace } = target;
  const token = parseContinue(query.get('continue'));
  const requested = versionParameter(query);
  requireListOptions(query);
  const exact = query.get('resourceVersionMatch') === 'Exact' ? requested : undefined;
  if (requested > api.store.revision()) throw tooLargeResourceVersion(requested, api.store.revision());
  const revision = token?.revision ?? exact ?? api.store.revision();
  const all = snapshot(api, type.storedAs, namespace === '' ? '' : `${namespace}/`, revision, token !== undefined);
  const selects = selectorOf(target, query);
  const rest = all
    .filter((object) => token === undefined || compare(keyOfObject(object), token.after) > 0)
    .map((object) => seen(type, object));
  const wanted = rest.filter(selects);
  const limit = Number(query.get('limit') ?? 0);
  const items = limit > 0 ? wanted.slice(0, limit) : wanted;
  const last = items.at(-1);
  const more = last !== undefined && wanted.length > items.length;
  const unfiltered = !query.get('labelSelector') && !query.get('fieldSelector');
  return {
    items,
    metadata: {
      resourceVersion: String(revision),
      ...(more ? { continue: continueToken(revision, keyOfObject(last)) } : {}),
      ...(more && unfiltered ? { remainingItemCount: wanted.length - items.length } : {}),
    },
  };
}

/** Throws 422 for parameters that do not go together, 400 for a limit that is no number. */
export function requireListOptions(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const field = 'resourceVersionMatch';
  const errors: FieldError[] = [];
  if (query.get('sendInitialEvents') === 'true') {
    if (match !== 'NotOlderThan') {
      errors.push(forbidden(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
    }
  } else if (match !== '') {
    if (!query.get('resourceVersion')) {
      errors.push(forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    } else if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(notSupported(field, match, ['Exact', 'NotOlderThan', '']));
    }
  }
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
  const limit = query.get('limit') ?? '';
  if (!/^-?\d*$/.test(limit)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(limit)}: invalid syntax`);
}

function snapshot(
  api: Api,
  storedAs: string,
  prefix: string,
  revision: number,
  continued: boolean,
): readonly KubernetesObject[] {
  try {
    return api.store.list(storedAs, prefix, revision);
  } catch (error) {
    if (!(error instanceof Compacted)) throw error;
    throw expired(continued ? continueExpired : tooOld(revision, api));
  }
}

export function tooOld(revision: number, api: Api): string {
  return `too old resource version: ${revision} (${api.store.compacted()})`;
}

/** Both selectors of a query as one. */
export function selectorOf(target: Target, query: URLSearchParams): Selector {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '', target.type);
  return (object) =>
    (target.name === '' || object.metadata['name'] === target.name) && labels(object) && fields(object);
}

/** `resourceVersion` as a number; 0 where it is not given. Throws 400 where it is none. */
export function versionParameter(query: URLSearchParams): number {
  const text = query.get('resourceVersion') ?? '';
  if (/^\d*$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  );
}

interface Continue {
  readonly revision: number;
  readonly after: string;
}

function continueToken(revision: number, after: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString('base64url');
}

function parseContinue(token: string | null): Continue | undefined {
  if (token === null || token === '') return undefined;
  try {
    const read: { rv?: unknown; start?: unknown } = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof read.rv === 'number' && typeof read.start === 'string') return { revision: read.rv, after: read.start };
  } catch {
    // Not ours: the same answer as a token of another shape.
  }
  throw badRequest('invalid continue token: continue key is not valid: the token was not issued by this server');
}
