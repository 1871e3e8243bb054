import { AwsError } from './errors.ts';
import type { Service } from './operation.ts';
import type { HttpRequest } from './protocols/http.ts';
import type { Credential, World } from './state.ts';

/** Who calls, and where, read from the Signature V4 header. The signature itself is not computed again. */
export function authenticate(
  request: HttpRequest,
  service: Service,
  world: World,
  now: number,
): { readonly caller: Credential; readonly region: string } {
  const scope = /Credential=(?<key>[^/]+)\/[0-9]{8}\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request/.exec(
    request.headers['authorization'] ?? '',
  )?.groups;
  if (!scope) {
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', {
      status: 403,
      queryCode: 'MissingAuthenticationToken',
    });
  }
  if (scope['service'] !== service) {
    throw new AwsError('SignatureDoesNotMatch', `Credential should be scoped to correct service: '${service}'.`, {
      status: 403,
    });
  }
  const caller = world.credentials.get(scope['key'] ?? '');
  if (!caller || caller.sessionToken !== request.headers['x-amz-security-token']) throw unknownToken(service);
  if (caller.expiresAt !== undefined && caller.expiresAt <= now) {
    throw new AwsError(
      service === 'sts' ? 'ExpiredToken' : 'ExpiredTokenException',
      'The security token included in the request is expired',
      { status: service === 'logs' ? 400 : 403, queryCode: 'ExpiredToken' },
    );
  }
  return { caller, region: scope['region'] ?? '' };
}

function unknownToken(service: Service): AwsError {
  return new AwsError(
    service === 'sts' ? 'InvalidClientTokenId' : 'UnrecognizedClientException',
    'The security token included in the request is invalid.',
    { status: service === 'logs' ? 400 : 403, queryCode: 'InvalidClientTokenId' },
  );
}
