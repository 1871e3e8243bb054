import type { JsonObject } from '../json.ts';
import type { Tags } from './tags.ts';

/** The role that Bedrock writes records with, made on request. */
export interface LoggingRole {
  readonly kind: 'LoggingRole';
  readonly name: string;
  /** With slashes at both ends. AWS cannot change it. */
  readonly path: string;
  /** Absent: not compared. */
  readonly permissionsBoundaryARN?: string;
  /** The trust policy, and the one inline policy that is ours: whole documents, compared by meaning. */
  readonly trust: JsonObject;
  readonly permissions: JsonObject;
  readonly tags: Tags;
}

/** A bucket that Bedrock writes to, made on request. It is never deleted. Without ACLs and public access, always. */
export interface LoggingBucket {
  readonly kind: 'LoggingBucket';
  readonly name: string;
  /** Absent: S3's own encryption when created, not compared afterwards. */
  readonly kmsKeyARN?: string;
  /** Of what Bedrock delivers, and of nothing else; absent: see `leastExpiration`. */
  readonly expirationInDays?: number | 'NeverExpire';
  /**
   * Where no expiration is written for the bucket: what one that we create gets (absent: 90 days), and what one that
   * exists is lengthened to. It never shortens: what has been kept is not deleted on the word of another setting.
   */
  readonly leastExpiration?: number | 'NeverExpire';
  /** What Bedrock delivers, as prefixes of keys with a slash at the end. */
  readonly folders: readonly string[];
  /** The statement of the bucket policy that lets Bedrock write, its Sid included; those of others stay. */
  readonly delivery: JsonObject;
  /** Observed only, else always these. */
  readonly objectOwnership: string;
  readonly publicAccess: 'Blocked' | 'Open';
  readonly tags: Tags;
}
