import type { JsonObject } from '../json.ts';
import type { Tags } from './tags.ts';

/**
 * What a monitoring account lets in (CloudWatch Observability Access Manager). AWS has one per account and Region,
 * whatever it is called, so the name here is always `sink`.
 */
export interface Sink {
  readonly kind: 'Sink';
  readonly name: 'sink';
  /** As AWS calls it. It counts only when the sink is made: AWS cannot rename one. */
  readonly awsName: string;
  readonly sourceAccountIDs: readonly string[];
  readonly organizationIDs: readonly string[];
  readonly resourceTypes: readonly string[];
  /** Statements of its policy beside these: those that stay of a sink that was adopted, or, observed, all of them. */
  readonly otherStatements: readonly JsonObject[];
  readonly tags: Tags;
}

/** What a source account shows. The name here is the ARN of the sink. */
export interface Link {
  readonly kind: 'Link';
  readonly name: string;
  /** It counts only when the link is made: AWS cannot change it. */
  readonly labelTemplate: string;
  readonly resourceTypes: readonly string[];
  /** Absent: everything of that type is shared. */
  readonly metricFilter?: string;
  readonly logGroupFilter?: string;
  readonly tags: Tags;
}
