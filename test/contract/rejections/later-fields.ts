/**
 * Fields of later releases: the CRD never holds a field that does nothing yet, so strict validation (what kubectl asks
 * for) refuses them by name.
 */
export const laterFields: readonly string[] = ['modelDiscovery'];
