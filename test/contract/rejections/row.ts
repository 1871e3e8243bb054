/** A spec as somebody might write it, right or wrong. */
export type Draft = Readonly<Record<string, unknown>>;

/** A monitor that the API must refuse, and what it must say. */
export interface Rejection {
  /** Ends "refuses …". */
  readonly what: string;
  readonly spec: Draft;
  /** metadata.name, where the row is about it. */
  readonly name?: string;
  /** The row is an edit: this was accepted before. */
  readonly from?: Draft;
  /** What the operator had written to the status before the edit. */
  readonly status?: Draft;
  /** The path that the answer blames. */
  readonly field: string;
  /** The sentence of a rule, at the end of the answer's message … */
  readonly says?: string;
  /** … or the API server's own word for a bound of the schema, such as `FieldValueTooMany`. */
  readonly cause?: string;
}

/** A monitor that the API must take and store as it was written. */
export interface Acceptance {
  /** Ends "takes …". */
  readonly what: string;
  readonly spec: Draft;
  readonly from?: Draft;
  readonly status?: Draft;
}

export const roleARN = 'arn:aws:iam::111122223333:role/bedrockmonitor/BedrockCloudWatchLogs';

/** The least that the resource takes. */
export function bare(members: Draft = {}): Draft {
  return { region: 'us-east-1', ...members };
}

/** Text records in one log group, whose members and neighbours a row changes. */
export function logging({
  group = {},
  logs = {},
  members = {},
  spec = {},
}: {
  readonly group?: Draft;
  readonly logs?: Draft;
  readonly members?: Draft;
  readonly spec?: Draft;
} = {}): Draft {
  return bare({
    invocationLogging: {
      dataTypes: ['Text'],
      cloudWatchLogs: { logGroup: { name: '/aws/bedrock', ...group }, role: { arn: roleARN }, ...logs },
      ...members,
    },
    ...spec,
  });
}

/** The same with masking. */
export function masked(protection: Draft, options: Parameters<typeof logging>[0] = {}): Draft {
  return logging({
    ...options,
    spec: { dataProtection: { categories: ['PII'], ...protection }, ...options.spec },
  });
}

/** One alarm on a metric, whose members a row changes. */
export function metricAlarm(members: Draft, spec: Draft = {}): Draft {
  const metric = { name: 'Invocations', statistic: 'Sum' };
  return bare({ alarms: [{ name: 'calls', metric, threshold: 100, ...members }], ...spec });
}

/** One alarm by preset. */
export function presetAlarm(preset: string, members: Draft = {}, spec: Draft = {}): Draft {
  return bare({ alarms: [{ name: 'ready-made', preset, ...members }], ...spec });
}

export function dashboard(members: Draft): Draft {
  return bare({ dashboards: [{ name: 'overview', ...members }] });
}

export function query(members: Draft, options: Parameters<typeof logging>[0] = {}): Draft {
  return logging({ ...options, spec: { savedQueries: [{ name: 'latest', ...members }] } });
}

/** `count` values made from their index. */
export function many<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
