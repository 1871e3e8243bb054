import type { JsonObject } from '#src/domain/json.ts';
import { absent, bucketARN, bucketChanging, bucketSeen } from './buckets.ts';
import { AwsError } from './errors.ts';
import { object, objects, text } from './members.ts';
import type { Operation } from './operation.ts';
import type { Bucket } from './state.ts';

/** Settings that AWS keeps as one document each: read whole, and replaced whole. */
interface Setting {
  /** Of the API calls, behind Get and Put. */
  readonly call: string;
  /** Of IAM's actions, behind Get and Put. */
  readonly action: string;
  /** The root element. */
  readonly root: string;
  readonly get: (bucket: Bucket) => JsonObject | undefined;
  readonly set: (bucket: Bucket, document: JsonObject) => void;
  /** What a Get of none answers. */
  readonly none: readonly [code: string, message: string];
  /** Throws where AWS refuses the document. */
  readonly check: (document: JsonObject) => void;
}

const settings: readonly Setting[] = [
  {
    call: 'BucketEncryption',
    action: 'EncryptionConfiguration',
    root: 'ServerSideEncryptionConfiguration',
    get: ({ encryption }) => encryption,
    set: (bucket, document) => void (bucket.encryption = document),
    none: ['ServerSideEncryptionConfigurationNotFoundError', 'The server side encryption configuration was not found'],
    check(document) {
      const rules = objects(document, 'Rule');
      const algorithm = text(object(rules[0], 'ApplyServerSideEncryptionByDefault') ?? {}, 'SSEAlgorithm');
      if (rules.length !== 1 || !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm ?? '')) throw malformedXML();
    },
  },
  {
    call: 'PublicAccessBlock',
    action: 'BucketPublicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    get: ({ publicAccessBlock }) => publicAccessBlock,
    set: (bucket, document) => void (bucket.publicAccessBlock = document),
    none: ['NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'],
    check: () => undefined,
  },
  {
    call: 'BucketLifecycleConfiguration',
    action: 'LifecycleConfiguration',
    root: 'LifecycleConfiguration',
    get: ({ lifecycle }) => lifecycle,
    set: (bucket, document) => void (bucket.lifecycle = document),
    none: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
    check(document) {
      const rules = objects(document, 'Rule');
      // AWS takes no empty configuration: the last rule goes with DeleteBucketLifecycle.
      if (rules.length === 0) throw malformedXML();
      const ids = rules.map((rule) => text(rule, 'ID') ?? '');
      if (new Set(ids).size < ids.length || ids.some((id) => id.length > 255))
        throw new AwsError('InvalidArgument', 'Rule ID must be unique. Found same ID for more than one rule');
      for (const rule of rules) {
        const days = text(object(rule, 'Expiration') ?? {}, 'Days');
        if (days !== undefined && !/^[1-9]\d*$/.test(days))
          throw new AwsError('InvalidArgument', "'Days' for Expiration action must be a positive integer");
      }
    },
  },
];

export const bucketSettingOperations: readonly Operation[] = settings.flatMap(operationsOf);

function operationsOf({ call, action, root, get, set, none, check }: Setting): readonly Operation[] {
  return [
    {
      service: 's3',
      name: `Get${call}`,
      mutates: false,
      permissions: (input, scope) => [{ action: `s3:Get${action}`, resource: bucketARN(input, scope) }],
      run(input, scope) {
        const document = get(bucketSeen(input, scope));
        if (document === undefined) throw absent(...none);
        return { [root]: document };
      },
    },
    {
      service: 's3',
      name: `Put${call}`,
      mutates: true,
      permissions: (input, scope) => [{ action: `s3:Put${action}`, resource: bucketARN(input, scope) }],
      run(input, scope) {
        const bucket = bucketChanging(input, scope);
        const document = object(input, root);
        if (document === undefined) throw malformedXML();
        check(document);
        set(bucket, document);
        return {};
      },
    },
  ];
}

function malformedXML(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
