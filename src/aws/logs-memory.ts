/** What one process remembers of CloudWatch Logs in an account and Region, so as not to ask at every pass. Monotonic times. */
export interface LogsMemory {
  /** The masking policy of the account, as last read. */
  accountMasking: { readonly atMs: number; readonly name: string | undefined } | undefined;
  /** By name of the metric filter: how many values its dimensions had when last counted. */
  readonly values: Map<string, { readonly atMs: number; readonly count: number }>;
}

export function createLogsMemory(): LogsMemory {
  return { accountMasking: undefined, values: new Map() };
}
