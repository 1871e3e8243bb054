import type { JsonObject } from '#src/domain/json.ts';

/** A sink of the Observability Access Manager: the place of a monitoring account that source accounts link to. */
export interface Sink {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** The policy document as put; absent until the first put. */
  policy: string | undefined;
  tags: Record<string, string>;
}

/** A link of a source account to a sink, wherever that is. */
export interface Link {
  readonly id: string;
  readonly arn: string;
  readonly label: string;
  readonly labelTemplate: string;
  readonly sinkARN: string;
  resourceTypes: readonly string[];
  /** `LinkConfiguration`: the filters in force; absent: everything is shared. */
  configuration: JsonObject | undefined;
  tags: Record<string, string>;
}
