/**
 * RFC 3339 with exactly six fractional digits. Leases and events.k8s.io refuse any other number of them
 * (kubernetes/kubernetes#141204).
 */
export function microTime(wallMs: number): string {
  return new Date(wallMs).toISOString().replace(/(\.\d{3})Z$/, '$1000Z');
}
