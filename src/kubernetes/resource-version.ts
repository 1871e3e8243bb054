/**
 * Negative, zero or positive as `a` is older than, equal to or newer than `b`; undefined where they cannot be
 * compared. Kubernetes 1.35 made versions of one type comparable where they are decimal numbers without leading
 * zeros (KEP-5504); all others are opaque.
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!decimal.test(a) || !decimal.test(b)) return undefined;
  return a.length - b.length || (a < b ? -1 : 1);
}

const decimal = /^(0|[1-9][0-9]*)$/;
