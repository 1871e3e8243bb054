import type { LoggingConfig } from '@aws-sdk/client-bedrock';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { objectOf } from '#src/domain/json.ts';
import {
  destinationsOf,
  logGroupOf,
  modalityFlags,
  roleOf,
  sameConfiguration,
  wireConfiguration,
} from '#src/domain/logging-configuration.ts';
import type { Change, InvocationLogging, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { awsName, messageOf } from './errors.ts';
import { PROPAGATION_MS } from './first-refusal.ts';
import { bedrockTrust, bucketDelivery, deliveryPermission } from './permission.ts';
import type { Session } from './session.ts';
import { declaredDifferences } from './structural-diff.ts';

const ref = { kind: 'InvocationLogging', name: 'invocation-logging' } as const;

/**
 * Bedrock's one logging configuration of the account and Region, as raw JSON both ways. AWS keeps no mark with it; who
 * may write is the claim's business.
 */
export function invocationLogging(session: Session): ResourceHandler<'InvocationLogging'> {
  return {
    async observe(_ref, _marks, signal) {
      const { loggingConfig } = await session.call('bedrock:GetModelInvocationLoggingConfiguration', '*', {}, signal);
      // AWS leaves the member out where logging is off; some emulators answer an empty object.
      if (loggingConfig === undefined || Object.keys(loggingConfig).length === 0) return session.absent(ref);
      return { resource: { ...ref, configuration: toJson(loggingConfig) }, mark: { state: 'None' } };
    },
    diff,
    async apply(desired, now, signal) {
      // Over nothing, or over what is not ours, nothing is carried over: what is given is put whole.
      const configuration = { ...allOff, ...wireConfiguration(desired.configuration, now?.resource.configuration) };
      try {
        await session.call(
          'bedrock:PutModelInvocationLoggingConfiguration',
          '*',
          // The middleware sends the members that the SDK's type does not know, too.
          { loggingConfig: configuration },
          signal,
        );
      } catch (error) {
        throw refusalOf(error, configuration, session) ?? error;
      }
      session.refusals.allowed(roleKey(configuration, session));
      if (now === undefined) session.created(ref);
      return ref;
    },
    async delete(_ref, _observed, signal) {
      await session.call('bedrock:DeleteModelInvocationLoggingConfiguration', '*', {}, signal);
      session.deleted(ref);
    },
  };
}

/** The middleware has put the raw members in place of the SDK's. */
function toJson(loggingConfig: LoggingConfig): JsonObject {
  return JSON.parse(JSON.stringify(loggingConfig));
}

const allOff: JsonObject = Object.fromEntries(modalityFlags.map((flag) => [flag, false]));

function diff(desired: InvocationLogging, { resource }: Observed<'InvocationLogging'>): readonly Change[] {
  if (sameConfiguration(desired.configuration, resource.configuration)) return [];
  const { cloudWatchConfig, s3Config } = desired.configuration;
  // A destination that the spec does not declare is to go: the configuration is declared as a whole.
  const declared = {
    cloudWatchConfig: cloudWatchConfig ?? null,
    s3Config: s3Config ?? null,
    ...allOff,
    ...desired.configuration,
  };
  return declaredDifferences(
    { cloudWatchConfig: null, s3Config: null, ...allOff, ...resource.configuration },
    declared,
  );
}

/**
 * Bedrock tries role, log group and buckets when the configuration is put, and says in one sentence that something is
 * missing. A role made a minute ago may not be visible to Bedrock yet.
 */
function refusalOf(error: unknown, configuration: JsonObject, session: Session): Waiting | Stalled | undefined {
  const said = messageOf(error);
  const foreignRole = awsName(error) === 'AccessDeniedException' && /cross-account pass role/i.test(said);
  if (awsName(error) !== 'ValidationException' && !foreignRole) return undefined;
  if (/bucket|s3/i.test(said) && !/log group/i.test(said)) return bucketNotUsable(error, configuration, session);
  if (!foreignRole && !/permission|role/i.test(said)) return undefined;
  const message = roleMessage(said, configuration, session);
  const role = roleOf(configuration);
  if (role !== undefined && session.changes.isRecent(role)) {
    const since = `role ${role} was made or changed a moment ago, and Bedrock does not see that yet (${said})`;
    return new Waiting('Propagating', since, { cause: error, retryAfterMs: 10_000 });
  }
  const ageMs = session.refusals.refused(roleKey(configuration, session));
  if (ageMs >= PROPAGATION_MS) return new Stalled('RoleNotUsable', message, { cause: error });
  return new Waiting('RoleNotUsable', message, { cause: error, retryAfterMs: 10_000 });
}

function roleKey(configuration: JsonObject, { place }: Session): string {
  return `${place.accountID}/${place.region}/RoleNotUsable/${roleOf(configuration)}`;
}

function roleMessage(said: string, configuration: JsonObject, { place }: Session): string {
  const { partition, accountID, region } = place;
  const group = logGroupOf(configuration) ?? '';
  return `Bedrock cannot write to log group ${group} with role ${roleOf(configuration)} (${said}). The role must exist; its trust policy needs: ${bedrockTrust(partition, accountID, region)}; its permissions need: ${deliveryPermission(place, group)}`;
}

function bucketNotUsable(error: unknown, configuration: JsonObject, { place, changes }: Session): Stalled | Waiting {
  const { accountID, region } = place;
  const buckets = destinationsOf(configuration).filter((one) => one.startsWith('bucket '));
  const recent = buckets.find((one) => changes.isRecent(one));
  if (recent !== undefined) {
    const message = `${recent} was made or changed a moment ago, and Bedrock does not see that yet (${messageOf(error)})`;
    return new Waiting('Propagating', message, { cause: error, retryAfterMs: 10_000 });
  }
  const statement = bucketsOf(configuration)
    .map(({ bucketName, keyPrefix }) => bucketDelivery(place, bucketName, keyPrefix))
    .join(' and ');
  return new Stalled(
    'BucketNotUsable',
    `Bedrock cannot deliver to ${buckets.join(' or ')} (${messageOf(error)}). It must be a bucket of account ${accountID} in ${region}, with ACLs disabled, whose policy has: ${statement}`,
    { cause: error },
  );
}

/** The buckets of a configuration, with their prefixes. */
function bucketsOf(configuration: JsonObject): readonly { readonly bucketName: string; readonly keyPrefix?: string }[] {
  const large = objectOf(objectOf(configuration['cloudWatchConfig'])['largeDataDeliveryS3Config']);
  return [large, objectOf(configuration['s3Config'])].flatMap(({ bucketName, keyPrefix }) =>
    typeof bucketName === 'string' ? [{ bucketName, ...(typeof keyPrefix === 'string' && { keyPrefix }) }] : [],
  );
}
