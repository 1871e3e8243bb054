/** The conditions of declared parts, in the order in which Ready takes over the first failure. */
export const PART_CONDITIONS = [
  'DataProtected',
  'LoggingConfigured',
  'AlarmsConfigured',
  'DashboardsConfigured',
  'QueriesConfigured',
  'MetricFiltersConfigured',
  'CrossAccountConfigured',
] as const;

/** Whether records arrive; of the monitor that holds the logging configuration, and no part of Ready. */
const DELIVERING = 'Delivering';

/** Present only while true. */
export const PASSING_CONDITIONS = ['Reconciling', 'Stalled', 'Drifted', 'Suspended'] as const;

/** All conditions, in the order of the status. */
export const CONDITION_TYPES = ['Ready', ...PART_CONDITIONS, DELIVERING, ...PASSING_CONDITIONS] as const;
