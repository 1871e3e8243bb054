import { BedrockClient } from '@aws-sdk/client-bedrock';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { STSClientConfig } from '@aws-sdk/client-sts';
import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createOamClient } from './oam-client.ts';
import type { Input, OperationName, Output, ServiceName } from './operations.ts';
import { operations, serviceOf } from './operations.ts';
import { keepLoggingRaw } from './raw-logging.ts';

/** Where the SDK finds credentials. */
export type Credentials = Exclude<STSClientConfig['credentials'], undefined>;
/** What carries the requests. */
export type RequestHandler = Exclude<STSClientConfig['requestHandler'], undefined>;

/** How clients reach AWS. */
export interface ClientOptions {
  /** One address for all services, such as `http://127.0.0.1:4566`; absent: AWS's own. */
  readonly endpoint?: string;
  /** Absent: HTTPS with time-outs on connecting and on every answer. */
  readonly requestHandler?: RequestHandler;
}

/** The SDK clients of one Region and one set of credentials. */
export interface Clients {
  /** One attempt: nothing is retried here, and no time is spent waiting but for the answer. */
  send<N extends OperationName>(name: N, input: Input<N>, signal: AbortSignal): Promise<Output<N>>;
}

const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** One pool of connections for all clients of the process. */
export function createRequestHandler(): RequestHandler {
  return new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Without this the handler only warns, and a silent peer holds the call for ever.
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: true, maxSockets: 50 },
  });
}

/** Clients that never retry and never wait without end; Bedrock's passes its configuration through raw. */
export function createClients(region: string, credentials: Credentials, options: ClientOptions): Clients {
  const configuration = {
    region,
    // The gateway retries: the SDK takes a used-up quota for throttling, and knows neither our clock nor our rates.
    maxAttempts: 1,
    // Shown in CloudTrail.
    userAgentAppId: 'bedrock-monitor',
    credentials,
    ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
    ...(options.requestHandler !== undefined && { requestHandler: options.requestHandler }),
    // An address of our own has no host name to put a prefix before.
    disableHostPrefix: options.endpoint !== undefined,
  };
  const bedrock = new BedrockClient(configuration);
  keepLoggingRaw(bedrock);
  // A client costs memory: those that only some monitors need are made when one does.
  const make: Record<ServiceName, () => Client> = {
    bedrock: () => bedrock,
    cloudwatch: () => new CloudWatchClient(configuration),
    logs: () => new CloudWatchLogsClient(configuration),
    sts: () => new STSClient(configuration),
    iam: () => new IAMClient(configuration),
    kms: () => new KMSClient(configuration),
    s3: () => new S3Client({ ...configuration, forcePathStyle: options.endpoint !== undefined }),
    sns: () => new SNSClient(configuration),
    oam: () => createOamClient({ ...configuration, requestHandler: options.requestHandler ?? createRequestHandler() }),
  };
  const made = new Map<ServiceName, Client>();
  const clientOf = (service: ServiceName): Client => {
    const known = made.get(service) ?? make[service]();
    made.set(service, known);
    return known;
  };
  return {
    send<N extends OperationName>(name: N, input: Input<N>, signal: AbortSignal) {
      // The table pairs each name with its command, but a type parameter keeps the compiler from seeing which.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const Command = operations[name].command as unknown as new (input: Input<N>) => object;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return clientOf(serviceOf(name)).send(new Command(input), { abortSignal: signal }) as Promise<Output<N>>;
    },
  };
}

/** What all SDK clients have in common. That a command goes to its own service's client is what `operations` says. */
interface Client {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}
