import type { BedrockClient } from '@aws-sdk/client-bedrock';
import type { JsonObject } from '#src/domain/json.ts';
import { bytesOf } from './body-bytes.ts';

/**
 * Makes a client pass Bedrock's `loggingConfig` through as it is. The SDK drops members that its model does not know,
 * on Get and on Put alike, and a configuration that was read must be put back whole.
 */
export function keepLoggingRaw(bedrock: BedrockClient): void {
  bedrock.middlewareStack.add(
    (next, context) => (args) => {
      const { request } = args;
      if (context['commandName'] === put && isRequest(request) && 'loggingConfig' in args.input) {
        request.body = JSON.stringify({ loggingConfig: args.input.loggingConfig });
      }
      return next(args);
    },
    // High: before the content length is taken.
    { step: 'build', name: 'rawLoggingRequest', priority: 'high' },
  );
  bedrock.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context['commandName'] === get && isResponse(result.response)) {
        result.response.body = await bytesOf(result.response.body);
      }
      return result;
    },
    // Low: nearest to the wire, before the body is read and parsed.
    { step: 'deserialize', name: 'rawLoggingBytes', priority: 'low' },
  );
  bedrock.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context['commandName'] !== get || !isResponse(result.response)) return result;
      const { body } = result.response;
      const text = body instanceof Uint8Array && body.length > 0 ? new TextDecoder().decode(body) : '{}';
      const { loggingConfig }: { loggingConfig?: JsonObject } = JSON.parse(text);
      return { ...result, output: { ...result.output, loggingConfig } };
    },
    { step: 'initialize', name: 'rawLoggingOutput', priority: 'high' },
  );
}

const put = 'PutModelInvocationLoggingConfigurationCommand';
const get = 'GetModelInvocationLoggingConfigurationCommand';

interface Body {
  body?: unknown;
}

function isRequest(request: unknown): request is Body {
  return typeof request === 'object' && request !== null && 'method' in request;
}

function isResponse(response: unknown): response is Body {
  return typeof response === 'object' && response !== null && 'statusCode' in response;
}
