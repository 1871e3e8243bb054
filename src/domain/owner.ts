/** Who asks, and whose mark is written. The joined names are unique: no part can hold `/` or `_`. */
export interface Owner {
  /** The operator's `--cluster-name`, at most 32 of `[a-z0-9-]`. */
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** metadata.uid of the monitor: client tokens are derived from it. */
  readonly uid: string;
}

/** Where in AWS: one Region of one account. */
export interface Place {
  readonly accountID: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`: from the caller's ARN. */
  readonly partition: string;
}

/** `<cluster>/<namespace>/<monitor>`: the mark of everything but a masking policy. */
export function ownerMark(owner: Owner): string {
  return `${owner.cluster}/${owner.namespace}/${owner.name}`;
}
