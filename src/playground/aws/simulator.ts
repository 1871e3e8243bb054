import type { JsonObject } from '#src/domain/json.ts';
import { createAuthorization } from './authorization.ts';
import type { Call, CallObserver } from './calls.ts';
import { machineClock, type SimulatorClock } from './clock.ts';
import { type ConsistencyOptions, createConsistency } from './consistency.ts';
import { createEngine } from './engine.ts';
import { type CallMatcher, createFaults, type Fault } from './faults.ts';
import { deliverInvocation, type Invocation } from './invocations.ts';
import { type Counts, createQuotas, type Rates } from './quotas.ts';
import { seededRandom } from './random.ts';
import { createRequestHandler, type SimulatedRequestHandler } from './request-handler.ts';
import * as seeding from './seeding.ts';
import { type Listening, listen } from './server.ts';
import { snapshot } from './snapshot.ts';
import {
  type Account,
  type Alarm,
  accountOf,
  type Bucket,
  createWorld,
  type KmsKey,
  type LogGroup,
  type Region,
  type Role,
  regionOf,
  type World,
} from './state.ts';

export interface AwsOptions {
  /** Absent: the machine's clock. */
  readonly clock?: SimulatorClock;
  /** For generated IDs and keys, and for lags with jitter. The same seed and calls give the same answers. */
  readonly seed?: number;
  /** Default: reads lag a second behind writes. */
  readonly consistency?: ConsistencyOptions;
  /** How many calls are remembered; the oldest are forgotten first. Default: all, which a long run must not want. */
  readonly keepCalls?: number;
  /** How long an IAM change takes to reach Bedrock and STS. Default 10 s. */
  readonly iamPropagationMs?: number;
}

/** One account, for seeding and for looking at. What is written here is seen by all reads at once. */
export interface SimulatedAccount {
  readonly id: string;
  /** Dashboards, roles, and `policies`: set these to let callers do only what IAM policy documents allow. */
  readonly state: Account;
  /** The state of a Region: plain data, to read and to change. */
  region(name: string): Region;
  /** Keys of a user of the account, for an SDK client. */
  credentials(user?: string): seeding.UserCredentials;
  role(seed: seeding.RoleSeed): Role;
  /** A role that Bedrock can write the log group with. */
  loggingRole(seed: Parameters<typeof seeding.seedLoggingRole>[1]): Role;
  /** A role that a principal (say, `arn:aws:iam::<account>:root`) may assume. */
  assumableRole(seed: Parameters<typeof seeding.seedAssumableRole>[1]): Role;
  bucket(region: string, name: string, seed?: seeding.BucketSeed): Bucket;
  key(region: string, seed: Parameters<typeof seeding.seedKey>[2]): KmsKey;
  /** An SNS topic, encrypted with this key if one is named; its ARN. */
  topic(region: string, name: string, kmsMasterKeyID?: string): string;
  logGroup(region: string, seed: Parameters<typeof seeding.seedLogGroup>[2]): LogGroup;
  /** Data points of a metric; ListMetrics shows it 15 minutes after the first of them. */
  metric(region: string, seed: seeding.MetricSeed): void;
  /** The state that an evaluation leaves an alarm in: the simulator evaluates none by itself. */
  alarmState(region: string, name: string, state: Alarm['state'], reason?: string): void;
  /** Plays a call of a model: its record goes where the Region's logging configuration says. */
  invoke(region: string, invocation: Invocation): void;
}

/** An AWS of many accounts and Regions that speaks the real wire protocols. */
export interface Aws {
  /** For an SDK client's `requestHandler`: no sockets, and everything in clock time. */
  readonly requestHandler: SimulatedRequestHandler;
  /** Serves every simulated service on loopback; port 0, the default, takes a free one. */
  listen(port?: number): Promise<Listening>;
  /** Makes the account if it is new. */
  account(id: string, partition?: string): SimulatedAccount;
  /** Everything that the simulated AWS holds. */
  readonly world: World;
  /** Every call in order of arrival, those that were refused or lost included. */
  readonly calls: readonly Call[];
  /** The calls that change AWS, or tried to. */
  writes(): readonly Call[];
  forgetCalls(): void;
  /**
   * Denies an action (`logs:PutRetentionPolicy`, may hold `*`) to an account's callers: to all, or only for one
   * principal or resource (an ARN, may hold `*`). Returns a function that lifts it.
   */
  deny(account: string, action: string, principalOrResource?: string): () => void;
  /** Breaks the next `times` (default 1) calls that fit. Returns a function that withdraws what is left. */
  fault(matcher: CallMatcher, fault: Fault, times?: number): () => void;
  /** Switches on AWS's published rates, or the given ones, and counts. Off until called. */
  enforceQuotas(options?: { readonly rates?: Rates; readonly counts?: Counts }): void;
  consistency(options: ConsistencyOptions): void;
  iamPropagation(ms: number): void;
  /** Calls `observer` before and after every call; what it throws breaks the call there. Returns a function that stops it. */
  onCall(observer: CallObserver): () => void;
  /** Stable JSON of all state, without times and generated IDs: equal ends have equal snapshots. */
  snapshot(): JsonObject;
}

export function createAws(options: AwsOptions = {}): Aws {
  const clock = options.clock ?? machineClock;
  const now = () => clock.now();
  const world = createWorld();
  const random = seededRandom(options.seed ?? 1);
  const consistency = createConsistency(now, random, options.consistency ?? { windowMs: 1000 });
  const quotas = createQuotas(now);
  const faults = createFaults();
  const authorization = createAuthorization();
  const calls: Call[] = [];
  const observers = new Set<CallObserver>();
  let iamPropagationMs = options.iamPropagationMs ?? 10_000;
  const engine = createEngine({
    world,
    clock,
    random,
    consistency,
    quotas,
    faults,
    authorization,
    calls,
    observers,
    iamPropagationMs: () => iamPropagationMs,
    keepCalls: options.keepCalls ?? Number.POSITIVE_INFINITY,
  });

  const invoke: Invoke = (account, region, invocation) => {
    const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
    const requestID = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    deliverInvocation(world, account, region, invocation, { requestID, now: now() });
  };

  return {
    requestHandler: createRequestHandler(engine, clock),
    listen: (port = 0) => listen(engine, port),
    account: (id, partition) => simulatedAccount(world, accountOf(world, id, partition), invoke, now),
    world,
    calls,
    writes: () => calls.filter((call) => call.mutates),
    forgetCalls: () => void calls.splice(0),
    deny: (account, action, principalOrResource) => authorization.deny({ account, action, principalOrResource }),
    fault: (matcher, fault, times = 1) => faults.add(matcher, fault, times),
    enforceQuotas: (quota) => quotas.enforce(quota),
    consistency: (next) => consistency.set(next),
    iamPropagation(ms) {
      iamPropagationMs = ms;
    },
    onCall(observer) {
      observers.add(observer);
      return () => void observers.delete(observer);
    },
    snapshot: () => snapshot(world),
  };
}

type Invoke = (account: Account, region: Region, invocation: Invocation) => void;

function simulatedAccount(world: World, account: Account, invoke: Invoke, now: () => number): SimulatedAccount {
  return {
    id: account.id,
    state: account,
    region: (name) => regionOf(account, name),
    credentials: (user = 'operator') => seeding.userOf(world, account, user),
    role: (seed) => seeding.seedRole(account, seed),
    loggingRole: (seed) => seeding.seedLoggingRole(account, seed),
    assumableRole: (seed) => seeding.seedAssumableRole(account, seed),
    bucket: (region, name, seed) => seeding.seedBucket(world, { name, accountID: account.id, region, ...seed }),
    key: (region, seed) => seeding.seedKey(account, region, seed),
    topic: (region, name, key) => seeding.seedTopic(account, region, name, key),
    logGroup: (region, seed) => seeding.seedLogGroup(account, region, seed),
    metric: (region, seed) => seeding.seedMetric(account, region, seed),
    alarmState: (region, name, state, reason) => seeding.seedAlarmState(account, region, name, state, now(), reason),
    invoke: (region, invocation) => invoke(account, regionOf(account, region), invocation),
  };
}
