/** The conditions of declared parts, in the order in which Ready takes over the first failure. */
export const PART_CONDITIONS = [
  'DataProtected',
  'LoggingConfigured',
  'AlarmsConfigured',
  'DashboardsConfigured',
  'QueriesConfigured',
] as const;

/** Present only while true. */
export const PASSING_CONDITIONS = ['Reconciling', 'Stalled', 'Drifted', 'Suspended'] as const;

/** All conditions, in the order of the status. */
export const CONDITION_TYPES = ['Ready', ...PART_CONDITIONS, ...PASSING_CONDITIONS] as const;
