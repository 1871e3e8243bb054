import { describe, expect, test } from 'vitest';
import { createOamClient } from '#src/aws/oam-client.ts';
import { ListSinksCommand, TagObservabilityCommand } from '#src/aws/oam-commands.ts';

interface Sent {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
interface Answer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A client over a wire that gives these answers, one after the other, and what went over it. */
function wired(answers: readonly Answer[], options: { readonly region?: string; readonly endpoint?: string } = {}) {
  const sent: Sent[] = [];
  const rest = [...answers];
  const handler = {
    handle(request: Sent) {
      sent.push(request);
      const { statusCode = 200, headers = {}, body = '{}' } = rest.shift() ?? {};
      return Promise.resolve({ response: { statusCode, headers, body: new TextEncoder().encode(body) } });
    },
  };
  const client = createOamClient({
    region: options.region ?? 'eu-west-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' },
    requestHandler: handler,
    userAgentAppId: 'bedrock-monitor',
    ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
  });
  const { signal } = new AbortController();
  return { sent, send: (command: object) => client.send(command, { abortSignal: signal }) };
}

describe('the client of the Observability Access Manager', () => {
  test('signs a POST for the service and Region, with the token of a session', async () => {
    const { sent, send } = wired([{ statusCode: 200, body: '{"Items":[]}' }]);
    expect(await send(new ListSinksCommand({ NextToken: undefined }))).toEqual({ Items: [] });
    expect(sent).toMatchObject([
      { method: 'POST', hostname: 'oam.eu-west-1.amazonaws.com', path: '/ListSinks', body: '{}' },
    ]);
    expect(sent[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(/Credential=AKIA\/\d{8}\/eu-west-1\/oam\/aws4_request/),
      'x-amz-security-token': 'token',
      'user-agent': 'bedrock-monitor',
    });
  });

  test.each([
    ['cn-north-1', 'oam.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'oam.us-gov-west-1.amazonaws.com'],
  ])('in %s it goes to %s', async (region, host) => {
    const { sent, send } = wired([], { region });
    await send(new ListSinksCommand({}));
    expect(sent[0]?.hostname).toBe(host);
  });

  test('tags go to the path of the ARN, behind the path of an endpoint', async () => {
    const { sent, send } = wired([], { endpoint: 'http://127.0.0.1:4566/aws/' });
    const ResourceArn = 'arn:aws:oam:eu-west-1:111122223333:sink/1a2b';
    await send(new TagObservabilityCommand({ ResourceArn, Tags: { team: 'ops' } }));
    expect(sent).toMatchObject([
      {
        method: 'PUT',
        path: '/aws/tags/arn%3Aaws%3Aoam%3Aeu-west-1%3A111122223333%3Asink%2F1a2b',
        body: '{"Tags":{"team":"ops"}}',
        headers: { host: '127.0.0.1:4566' },
      },
    ]);
  });

  test.each<[string, Answer, object]>([
    [
      'in the header',
      { statusCode: 409, headers: { 'x-amzn-errortype': 'ConflictException:http://x/' }, body: '{"Message":"there"}' },
      { name: 'ConflictException', message: 'there', $metadata: { httpStatusCode: 409 } },
    ],
    [
      'in the body',
      { statusCode: 400, body: '{"__type":"com.amazonaws.oam#InvalidParameterException","message":"no"}' },
      { name: 'InvalidParameterException', message: 'no' },
    ],
    [
      'nowhere: what answered is not OAM',
      { statusCode: 502, body: '<html>Bad Gateway</html>' },
      { name: 'UnknownError', $metadata: { httpStatusCode: 502 } },
    ],
  ])('an error carries its name, %s', async (_, answer, expected) => {
    const { send } = wired([answer]);
    await expect(send(new ListSinksCommand({}))).rejects.toMatchObject(expected);
  });

  test('a clock that is wrong is put right by the answer: the next attempt carries the time of AWS', async () => {
    const date = 'Fri, 01 Jan 2100 12:00:00 GMT';
    const skewed = { 'x-amzn-errortype': 'RequestTimeTooSkewed', date };
    const { sent, send } = wired([{ statusCode: 403, headers: skewed, body: '{}' }]);
    await expect(send(new ListSinksCommand({}))).rejects.toMatchObject({ name: 'RequestTimeTooSkewed' });
    await send(new ListSinksCommand({}));
    expect(sent[1]?.headers['x-amz-date']).toMatch(/^21000101T12/);
  });
});
