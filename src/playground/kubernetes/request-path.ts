/** A path under /api or /apis, taken apart. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** Undefined on cluster-scoped paths and on lists over all namespaces. */
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Undefined where the path is not one of a resource (discovery, health, OpenAPI). */
export function parseResourcePath(pathname: string): ResourcePath | undefined {
  const parts = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  const group = core ? '' : (parts[1] ?? '');
  const [version, ...rest] = parts.slice(core ? 1 : 2);
  if (version === undefined || rest.length === 0) return undefined;
  const [first, second, third, ...tail] = rest;
  // /namespaces/<ns> and its subresources are the Namespace itself; anything deeper lies in it.
  if (first === 'namespaces' && second !== undefined && third !== undefined && !(core && isNamespacePart(third))) {
    return { group, version, namespace: second, plural: third, name: tail[0], subresource: joined(tail.slice(1)) };
  }
  if (first === undefined) return undefined;
  const after = [third, ...tail].filter((part): part is string => part !== undefined);
  return { group, version, namespace: undefined, plural: first, name: second, subresource: joined(after) };
}

function isNamespacePart(part: string): boolean {
  return part === 'status' || part === 'finalize';
}

function joined(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join('/');
}
