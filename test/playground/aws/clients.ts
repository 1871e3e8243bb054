import { BedrockClient } from '@aws-sdk/client-bedrock';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { STSClient } from '@aws-sdk/client-sts';
import { type Aws, type AwsOptions, createAws } from '#src/playground/aws/simulator.ts';
import { type FakeClock, fakeClock } from '#test/support/fake-clock.ts';

export const accountID = '111122223333';
export const region = 'us-east-1';

export interface Clients {
  readonly bedrock: BedrockClient;
  readonly monitoring: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly sts: STSClient;
}

/** An AWS on a clock that stands still, reads current unless asked otherwise, and real SDK clients of its first account. */
export function simulated(options: Omit<AwsOptions, 'clock'> = {}): {
  readonly aws: Aws;
  readonly clock: FakeClock;
} & Clients {
  const clock = fakeClock('2026-01-01T00:00:00Z');
  const aws = createAws({ clock, consistency: { windowMs: 0 }, ...options });
  return { aws, clock, ...clientsOf(aws) };
}

/** Real SDK clients that send each call once. */
export function clientsOf(
  aws: Aws,
  where: {
    readonly account?: string;
    readonly region?: string;
    readonly endpoint?: string;
    readonly maxAttempts?: number;
  } = {},
): Clients {
  const configuration = {
    region: where.region ?? region,
    credentials: aws.account(where.account ?? accountID).credentials(),
    maxAttempts: where.maxAttempts ?? 1,
    ...(where.endpoint === undefined ? { requestHandler: aws.requestHandler } : { endpoint: where.endpoint }),
  };
  return {
    bedrock: new BedrockClient(configuration),
    monitoring: new CloudWatchClient(configuration),
    logs: new CloudWatchLogsClient(configuration),
    sts: new STSClient(configuration),
  };
}

/** The error that a call ended with, as the SDK throws it. */
export async function failure(
  call: Promise<unknown>,
): Promise<{ readonly name: string; readonly message: string; readonly status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata: unknown = Reflect.get(error, '$metadata');
    const status: unknown =
      typeof metadata === 'object' && metadata !== null && Reflect.get(metadata, 'httpStatusCode');
    return { name: error.name, message: error.message, status: typeof status === 'number' ? status : undefined };
  }
  throw new Error('The call was expected to fail');
}

/** A word that the SDK's types do not know, as a caller without types may send it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function unlisted<T extends string>(word: string): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return word as T;
}
