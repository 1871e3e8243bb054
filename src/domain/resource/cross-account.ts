import type { Tags } from './tags.ts';

/** What a monitoring account lets in (CloudWatch Observability Access Manager). One per account and Region. */
export interface Sink {
  readonly kind: 'Sink';
  readonly name: string;
  readonly sourceAccountIDs: readonly string[];
  readonly organizationIDs: readonly string[];
  readonly resourceTypes: readonly string[];
  readonly tags: Tags;
}

/** What a source account shows. The name here is the ARN of the sink. */
export interface Link {
  readonly kind: 'Link';
  readonly name: string;
  readonly labelTemplate: string;
  readonly resourceTypes: readonly string[];
  readonly metricFilter?: string;
  readonly logGroupFilter?: string;
  readonly tags: Tags;
}
