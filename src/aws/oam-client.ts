import { partition } from '@aws-sdk/core/client';
import { Sha256 } from '@smithy/core/checksum';
import { type HttpHandler, HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { bytesOf } from './body-bytes.ts';
import type { Credentials, RequestHandler } from './clients.ts';
import type { OamCommand } from './oam-commands.ts';

/** How the client reaches AWS. */
export interface OamClientOptions {
  readonly region: string;
  readonly credentials: Credentials;
  /** Absent: AWS's own. */
  readonly endpoint?: string;
  readonly requestHandler: RequestHandler;
  /** Shown in CloudTrail. */
  readonly userAgentAppId: string;
}

/**
 * Speaks the Observability Access Manager's restJson1 (OAM API reference): POST /<Operation>, tags at /tags/<ARN>.
 *
 * The newest `@aws-sdk/client-oam` is of May 2023: it drops `LinkConfiguration` and `IncludeTags` on the way out and on
 * the way in, brings thirty packages of the SDK's earlier form beside ours, and knows neither our request handler nor our
 * kind of credentials. Thirteen plain JSON calls, signed by the SDK's own signer, are less than what would have to be
 * put around it.
 *
 * One attempt, as of all clients. Errors carry AWS's name and `$metadata.httpStatusCode`, as the SDK's do.
 */
export function createOamClient({ region, credentials, requestHandler, ...options }: OamClientOptions): {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
} {
  const base = new URL(options.endpoint ?? `https://oam.${region}.${partition(region).dnsSuffix}`);
  const signer = new SignatureV4({ region, service: 'oam', credentials, sha256: Sha256 });
  if (!isHandler(requestHandler)) throw new Error('a client needs a request handler, not the options of one');
  let skewMs = 0;

  return {
    async send(command, { abortSignal }) {
      if (!isCommand(command)) throw new Error('this is no command of OAM');
      const signed = await signer.sign(requestOf(command, base, options.userAgentAppId), {
        signingDate: new Date(Date.now() + skewMs),
      });
      const { response } = await requestHandler.handle(new HttpRequest(signed), { abortSignal });
      const answer = parsed(await bytesOf(response.body));
      if (response.statusCode < 300) return answer;
      const at = Date.parse(response.headers['date'] ?? '');
      // A clock that is wrong is put right by AWS's: the next attempt carries its time.
      if (Math.abs(at - Date.now()) > SKEW_MS) skewMs = at - Date.now();
      throw failure(response.statusCode, response.headers['x-amzn-errortype'], answer);
    },
  };
}

/** AWS refuses what is signed more than five minutes away from its time. */
const SKEW_MS = 240_000;

function requestOf({ operation, input }: OamCommand, base: URL, agent: string): HttpRequest {
  const tagging = operation === 'TagResource' && 'ResourceArn' in input ? input : undefined;
  const { ResourceArn, ...rest } = { ResourceArn: undefined, ...(tagging ?? input) };
  const path = tagging === undefined ? `/${operation}` : `/tags/${encodeURIComponent(String(ResourceArn))}`;
  return new HttpRequest({
    method: tagging === undefined ? 'POST' : 'PUT',
    protocol: base.protocol,
    hostname: base.hostname,
    ...(base.port !== '' && { port: Number(base.port) }),
    path: `${base.pathname.replace(/\/$/, '')}${path}`,
    headers: { host: base.host, 'content-type': 'application/json', 'user-agent': agent },
    body: JSON.stringify(rest),
  });
}

function failure(httpStatusCode: number, type: string | undefined, answer: object): Error {
  const said = new Map<string, unknown>(Object.entries(answer));
  const text = (member: string) => (typeof said.get(member) === 'string' ? String(said.get(member)) : undefined);
  const name = (type ?? text('__type') ?? text('code') ?? 'UnknownError').replace(/^.*#/, '').replace(/[:,].*$/, '');
  const message = text('message') ?? text('Message') ?? name;
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

/** What is no JSON comes from what is not OAM: a proxy, or an emulator without it. The status tells. */
function parsed(bytes: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function isHandler(handler: RequestHandler): handler is HttpHandler {
  return 'handle' in handler && typeof handler.handle === 'function';
}

function isCommand(command: object): command is OamCommand {
  return 'operation' in command && 'input' in command;
}
