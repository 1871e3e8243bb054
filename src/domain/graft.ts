import type { Planned } from './plan.ts';
import type { Change, Observed } from './resource.ts';

/**
 * The planned resource with the observed value in each of these fields: what is written then leaves them as AWS has
 * them. An alarm's tags are not known by the read that observes it, and stay as declared.
 */
export function grafted(planned: Planned, observed: Observed, fields: readonly Change[]): Planned {
  const { resource } = planned;
  const kept = fields.filter(({ path }) => !('alarmActions' in resource) || !/^tags(\.|$)/.test(path));
  if (kept.length === 0) return planned;
  if (resource.kind === 'InvocationLogging' && observed.resource.kind === 'InvocationLogging') {
    const configuration = graftAll(resource.configuration, observed.resource.configuration, kept);
    return { ...planned, resource: { ...resource, configuration } };
  }
  return { ...planned, resource: graftAll(resource, observed.resource, kept) };
}

function graftAll<T extends object>(desired: T, observed: object, fields: readonly Change[]): T {
  return fields.reduce((value, { path }) => ({ ...value, ...graft(value, observed, path) }), desired);
}

/** The members of `desired` along `path` that are to be replaced. A dotted path is ambiguous: keys may hold dots. */
function graft(desired: object, observed: object, path: string): object {
  const ours = new Map<string, unknown>(Object.entries(desired));
  const theirs = new Map<string, unknown>(Object.entries(observed));
  const key = [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((one) => path === one || path.startsWith(`${one}.`))
    .sort((a, b) => b.length - a.length)[0];
  if (key === undefined) return {};
  const rest = path.slice(key.length + 1);
  const [own, found] = [ours.get(key), theirs.get(key)];
  if (rest === '' || !isObject(own) || !isObject(found)) return { [key]: found };
  const inner = graft(own, found, rest);
  if (Array.isArray(own))
    return {
      [key]: own.map((item: unknown, index) => Object.entries(inner).find(([at]) => at === String(index))?.[1] ?? item),
    };
  return { [key]: { ...own, ...inner } };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
