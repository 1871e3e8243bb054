import type { Account, Bucket, Region, World } from '#src/playground/aws/state.ts';

/**
 * `account place kind name` of everything that AWS holds and an operator could have made, in the order of the alphabet, to
 * tell what is new since an earlier look; a kind is one word. Anomaly models that CloudWatch makes for bands by itself are left out.
 */
export function heldBy({ accounts, buckets }: World): readonly string[] {
  const lines = [...accounts.values()].flatMap((account) => [
    ...inAccount(account, [...buckets.values()]).map((line) => `${account.id} all ${line}`),
    ...[...account.regions.values()].flatMap((region) =>
      inRegion(region).map((line) => `${account.id} ${region.name} ${line}`),
    ),
  ]);
  return lines.toSorted();
}

function inAccount({ id, dashboards, roles }: Account, buckets: readonly Bucket[]): readonly string[] {
  return [
    ...each('dashboard', dashboards.keys()),
    ...each(
      'role',
      [...roles.values()].map(({ name }) => name),
    ),
    ...each(
      'bucket',
      buckets.filter(({ accountID }) => accountID === id).map(({ name }) => name),
    ),
  ];
}

function inRegion(region: Region): readonly string[] {
  const groups = [...region.logGroups.values()];
  const trained = [...region.anomalyDetectors].filter(([, { configuration }]) => Object.keys(configuration).length > 0);
  return [
    ...each('logging', region.invocationLogging.configuration === undefined ? [] : ['configuration']),
    ...each(
      'group',
      groups.map(({ name, dataProtectionStatus = 'unmasked' }) => `${name}: ${dataProtectionStatus}`),
    ),
    ...groups.flatMap(({ name, metricFilters, subscriptionFilters, indexPolicy }) => [
      ...each('metric-filter', metricFilters.keys()),
      ...each('subscription-filter', subscriptionFilters.keys()),
      ...each('field-indexes', indexPolicy === undefined ? [] : [name]),
    ]),
    ...each(
      'log-anomaly-detector',
      [...region.logAnomalyDetectors.values()].map(({ logGroupARN }) => logGroupARN),
    ),
    ...[...region.alarms.values()].map(({ kind, name }) => `${kind} ${name}`),
    ...each('mute-rule', region.muteRules.keys()),
    ...each(
      'anomaly-detector',
      trained.map(([key]) => key),
    ),
    ...each(
      'query',
      [...region.queryDefinitions.values()].map(({ name }) => name),
    ),
    ...each(
      'sink',
      [...region.sinks.values()].map(({ name }) => name),
    ),
    ...each(
      'link',
      [...region.links.values()].map(({ sinkARN }) => sinkARN),
    ),
  ];
}

function each(kind: string, names: Iterable<string>): readonly string[] {
  return [...names].map((name) => `${kind} ${name}`);
}
