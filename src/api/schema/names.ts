import { form, text } from './shape.ts';

/** A DNS label: what Kubernetes and AWS both take in a name. */
const DNS_LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';

/** What S3 takes as the name of a bucket. */
export function bucketName(description: string) {
  return text(description, { minLength: 3, maxLength: 63 }, [
    form('^[a-z0-9][a-z0-9.-]*[a-z0-9]$', 'a bucket name may hold lower-case letters, digits, . and -'),
  ]);
}

/** The key of an entry: what server-side apply merges by, and a part of the AWS name. */
export function entryName(what: string) {
  return text(
    `Name of this ${what}: at most 63 lower-case letters, digits and -. It is part of the name in AWS: renaming the entry replaces what it made there.`,
    { minLength: 1, maxLength: 63 },
    [form(DNS_LABEL, 'a name may hold lower-case letters, digits and -, and begins and ends with a letter or digit')],
  );
}
