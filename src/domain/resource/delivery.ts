import type { JsonObject } from '../json.ts';
import type { Tags } from './tags.ts';

/** The role that Bedrock writes records with, made on request. */
export interface LoggingRole {
  readonly kind: 'LoggingRole';
  readonly name: string;
  /** With slashes at both ends. */
  readonly path: string;
  readonly permissionsBoundaryARN?: string;
  /** Policy documents, compared by meaning. */
  readonly trust: JsonObject;
  readonly permissions: JsonObject;
  readonly tags: Tags;
}

/** A bucket that Bedrock writes to, made on request. It is never deleted. */
export interface LoggingBucket {
  readonly kind: 'LoggingBucket';
  readonly name: string;
  /** Absent: S3's own encryption. */
  readonly kmsKeyARN?: string;
  readonly expirationInDays: number;
  /** The statements that let Bedrock write, by Sid; those of others stay. */
  readonly statements: readonly JsonObject[];
  readonly tags: Tags;
}
