import { authenticate } from './authentication.ts';
import { type Authorization, accessDenied } from './authorization.ts';
import type { Call, CallObserver, Outcome } from './calls.ts';
import type { SimulatorClock } from './clock.ts';
import type { Consistency } from './consistency.ts';
import { AwsError } from './errors.ts';
import { type Fault, type Faults, faultError } from './faults.ts';
import type { Operation, Permission, Scope } from './operation.ts';
import { operationNamed } from './operations.ts';
import { kmsProtocol, logsProtocol, monitoringProtocol } from './protocols/aws-json.ts';
import { iamProtocol, snsProtocol, stsProtocol } from './protocols/aws-query.ts';
import type { HttpRequest, HttpResponse } from './protocols/http.ts';
import { oamProtocol } from './protocols/oam.ts';
import type { Protocol } from './protocols/protocol.ts';
import { bedrockProtocol } from './protocols/rest-json.ts';
import { s3Protocol } from './protocols/rest-xml.ts';
import type { Quotas } from './quotas.ts';
import { accountOf, type Credential, regionOf, type World } from './state.ts';
import { interrupted, timedOut, wait } from './waiting.ts';

const protocols: readonly Protocol[] = [
  logsProtocol,
  monitoringProtocol,
  bedrockProtocol,
  stsProtocol,
  iamProtocol,
  snsProtocol,
  kmsProtocol,
  // Before those that go by the path alone.
  oamProtocol,
  s3Protocol,
];

/** How many turns of the microtask queue a call takes: calls sent together overlap, as they do over a network. */
const turns = 10;

/** The connection broke: the caller gets no answer. */
class ConnectionReset extends Error {
  override readonly name = 'ConnectionReset';
  /** As Node's sockets report it. */
  readonly code = 'ECONNRESET';
}

export interface EngineParts {
  readonly world: World;
  readonly clock: SimulatorClock;
  readonly random: () => number;
  readonly consistency: Consistency;
  readonly quotas: Quotas;
  readonly faults: Faults;
  readonly authorization: Authorization;
  readonly calls: Call[];
  readonly keepCalls: number;
  readonly observers: ReadonlySet<CallObserver>;
  /** Milliseconds that an IAM change takes to reach Bedrock and STS. */
  readonly iamPropagationMs: () => number;
}

/** Answers one request. Rejects where the connection breaks: by a fault, an observer that throws, or the caller. */
export type Engine = (request: HttpRequest, signal: AbortSignal | undefined) => Promise<HttpResponse>;

export function createEngine(parts: EngineParts): Engine {
  const locks = new Set<string>();
  let requests = 0;

  return async (request, signal) => {
    requests += 1;
    const requestID = `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
    const protocol = protocols.find((one) => one.recognise(request) !== undefined);
    const name = protocol?.recognise(request);
    if (!protocol || name === undefined) return unknownRequest(requestID);
    try {
      const { caller, region } = authenticate(request, protocol.service, parts.world, parts.clock.now());
      const operation = operationNamed(protocol.service, name);
      if (!operation) throw new AwsError('UnknownOperationException', `Unknown operation ${name}`);
      const input = protocol.read(request);
      const call: Call = {
        id: requests,
        service: protocol.service,
        operation: name,
        account: caller.accountID,
        region,
        caller: caller.arn,
        input,
        mutates: operation.mutates,
        at: parts.clock.now(),
        permissions: [],
        outcome: undefined,
      };
      parts.calls.push(call);
      if (parts.calls.length > parts.keepCalls) parts.calls.shift();
      const output = await perform(operation, call, scopeOf(caller, region, protocol), signal);
      return protocol.success(name, output, requestID);
    } catch (error) {
      if (error instanceof AwsError) return protocol.failure(error, requestID, request);
      throw error;
    }
  };

  async function perform(operation: Operation, call: Call, scope: Scope, signal: AbortSignal | undefined) {
    let unlock: (() => void) | undefined;
    try {
      for (const observe of parts.observers) observe(call, 'Before');
      const faults = parts.faults.hit(call);
      const breaking = faults.find((fault) => fault.kind !== 'Latency');
      unlock = lock(operation, call);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      for (const fault of faults) if (fault.kind === 'Latency') await wait(parts.clock, fault.ms, signal);
      if (unlock === undefined) throw operation.conflict?.() ?? new AwsError('ConflictException', 'Conflict');
      await breakConnection(breaking, 'Before', signal);
      const refusal = breaking && faultError(breaking, call.service);
      if (refusal) throw refusal;
      const output = carryOut(operation, call, scope);
      settle(call, { kind: 'Answered', output: structuredClone(output) });
      await breakConnection(breaking, 'After', signal);
      return output;
    } catch (error) {
      if (error instanceof AwsError && call.outcome === undefined) {
        settle(call, { kind: 'Refused', code: error.code, message: error.message, status: error.status });
      } else if (!(error instanceof AwsError)) {
        call.outcome = { kind: 'Lost', effect: call.outcome?.kind === 'Answered' };
      }
      throw error;
    } finally {
      unlock?.();
    }
  }

  function carryOut(operation: Operation, call: Call, scope: Scope) {
    parts.quotas.take(operation, call.account, call.region);
    call.permissions = operation.permissions(call.input, scope);
    for (const permission of call.permissions) scope.authorize(permission);
    return operation.run(structuredClone(call.input), scope);
  }

  function settle(call: Call, outcome: Outcome) {
    call.outcome = outcome;
    for (const observe of parts.observers) observe(call, 'After');
  }

  /** Undefined: another call holds the lock. */
  function lock(operation: Operation, call: Call): (() => void) | undefined {
    const name = operation.lock?.(call.input);
    if (name === undefined) return () => {};
    const key = `${call.account}/${call.region}/${name}`;
    if (locks.has(key)) return undefined;
    locks.add(key);
    return () => void locks.delete(key);
  }

  async function breakConnection(
    fault: Fault | undefined,
    moment: 'Before' | 'After',
    signal: AbortSignal | undefined,
  ) {
    if (!fault || !('effect' in fault) || fault.effect !== moment) return;
    switch (fault.kind) {
      case 'Reset':
        throw new ConnectionReset('read ECONNRESET');
      case 'Hang':
        await interrupted(signal);
        return;
      case 'Timeout':
        await wait(parts.clock, fault.afterMs, signal);
        throw timedOut(fault.afterMs);
    }
  }

  function scopeOf(caller: Credential, regionName: string, protocol: Protocol): Scope {
    const account = accountOf(parts.world, caller.accountID);
    const allows = (permission: Permission) => parts.authorization.allows(permission, caller, account);
    return {
      world: parts.world,
      account,
      region: regionOf(account, regionName),
      caller,
      get now() {
        return parts.clock.now();
      },
      allows,
      authorize(permission) {
        if (!allows(permission)) throw accessDenied(permission, caller, protocol.service);
      },
      changing: (collection, key) => parts.consistency.changing(collection, key),
      seen: (collection) => parts.consistency.seen(collection),
      propagated: (changedAt) => changedAt + parts.iamPropagationMs() <= parts.clock.now(),
      random: (below) => Math.floor(parts.random() * below),
      countLimit: (thing) => parts.quotas.count(thing),
    };
  }
}

function unknownRequest(requestID: string): HttpResponse {
  return {
    status: 404,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestID },
    body: JSON.stringify({ __type: 'UnknownOperationException', message: 'The simulator does not know this request' }),
  };
}
