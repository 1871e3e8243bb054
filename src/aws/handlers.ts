import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Cloud, Handlers, Identity, Target } from '#src/reconcile/ports.ts';
import { alarmMuteRules } from './alarm-mute-rule.ts';
import { anomalyDetectors } from './anomaly-detector.ts';
import type { Clients, Credentials, RequestHandler } from './clients.ts';
import { createClients, createRequestHandler } from './clients.ts';
import type { Clock } from './clock.ts';
import { compositeAlarms } from './composite-alarm.ts';
import { dashboards } from './dashboard.ts';
import { dataProtectionPolicies } from './data-protection-policy.ts';
import { fieldIndexPolicies } from './field-index-policy.ts';
import { createFirstRefusals } from './first-refusal.ts';
import type { Caller, GatewayOptions } from './gateway.ts';
import { createGateway } from './gateway.ts';
import { createIdentities } from './identities.ts';
import { invocationLogging } from './invocation-logging.ts';
import { links } from './link.ts';
import { logAlarms } from './log-alarm.ts';
import { logAnomalyDetectors } from './log-anomaly-detector.ts';
import { logGroups } from './log-group.ts';
import { loggingBuckets } from './logging-bucket.ts';
import { loggingRoles } from './logging-role.ts';
import { createLogsMemory } from './logs-memory.ts';
import { metricAlarms } from './metric-alarm.ts';
import { metricFilters } from './metric-filter.ts';
import { createPacer } from './pacing.ts';
import type { Denials } from './preflight/inspection.ts';
import { createPreflight } from './preflight/preflight.ts';
import { queryDefinitions } from './query-definition.ts';
import { createRecentChanges } from './recent-changes.ts';
import { createRecentCreations } from './recent-creations.ts';
import type { Session, Warnings } from './session.ts';
import type { SharedCalls } from './shared-calls.ts';
import { createSharedCalls } from './shared-calls.ts';
import { sinks } from './sink.ts';
import { subscriptionFilters } from './subscription-filter.ts';
import { traffic } from './traffic.ts';

/** What the process gives: identity, time, transport and where to report. */
export interface CloudOptions extends Pick<GatewayOptions, 'onCall' | 'onWrite'> {
  /** The operator's `--cluster-name`, for session names. */
  readonly cluster: string;
  readonly clock: Clock;
  /** Absent: `Math.random`. */
  readonly random?: () => number;
  /** Throws where this process may not act. Absent: it always may. */
  readonly fence?: () => void;
  /** One address for all of AWS, for emulators. */
  readonly endpoint?: string;
  /** What carries the requests; absent: HTTPS. */
  readonly requestHandler?: RequestHandler;
  /** The operator's own credentials; absent: the SDK's default chain. */
  readonly credentials?: Credentials;
  /** When a batch of reads goes off; absent: `setImmediate`, once all passes of this turn have asked. */
  readonly schedule?: (dispatch: () => void) => void;
}

/** AWS behind the ports of reconciliation: one for the process. Rates, batches and credentials are shared in it. */
export function createCloud(options: CloudOptions): Cloud {
  const { clock } = options;
  const refusals = createFirstRefusals(clock);
  const recent = createRecentCreations(clock);
  const changes = createRecentChanges(clock);
  const denials: Denials = new Map();
  const gateway = createGateway({
    clock,
    pacer: createPacer(clock),
    refusals,
    random: options.random ?? Math.random,
    fence: options.fence ?? (() => {}),
    ...(options.onCall !== undefined && { onCall: options.onCall }),
    ...(options.onWrite !== undefined && { onWrite: options.onWrite }),
  });
  const schedule = options.schedule ?? ((dispatch) => void setImmediate(dispatch));
  const wire = {
    requestHandler: options.requestHandler ?? createRequestHandler(),
    ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
  };

  // One chain for all clients: each of its own would fetch its own token.
  const ownCredentials = options.credentials ?? fromNodeProviderChain();
  const clientsOf = memo((_key, region: string, credentials: Credentials) => createClients(region, credentials, wire));
  const identities = createIdentities({
    cluster: options.cluster,
    clock,
    gateway,
    ownClients: (region): Clients => clientsOf(region, region, ownCredentials),
    ownCredentials,
  });
  const sharedOf = memo((_key, where: Omit<Caller, 'lane' | 'monitor'>) => createSharedCalls(gateway, where, schedule));
  const warningsOf = memo((_account) => new Map<string, Warnings>());
  const logsMemoryOf = memo((_spot) => createLogsMemory());

  const whereIs = (target: Target, { accountID }: Identity) => {
    const { region } = target;
    const who = identities.key(target);
    const clients = clientsOf(`${region}${who}`, region, identities.credentials(target));
    const where = { clients, accountID, region };
    return { where, shared: sharedOf(`${accountID}/${region}${who}`, where) };
  };

  const sessionOf = (...[target, identity, owner, lane, inventory]: Parameters<Cloud['handlers']>): Session => {
    const { where, shared } = whereIs(target, identity);
    const caller: Caller = { ...where, lane, monitor: `${owner.namespace}/${owner.name}` };
    const place = { accountID: identity.accountID, region: target.region, partition: identity.partition };
    const spot = `${place.accountID}/${place.region}`;
    return {
      place,
      owner,
      clock,
      refusals,
      changes,
      call: (name, resource, input, signal) => gateway.call(caller, name, resource, input, signal),
      shared: inLane(shared, lane),
      created: (ref) => recent.created(spot, ref),
      deleted: (ref) => recent.deleted(spot, ref),
      absent: (ref) => recent.absent(spot, ref),
      warnings: warningsOf(place.accountID),
      logs: logsMemoryOf(spot),
      inventory,
    };
  };

  return {
    identity: (target, signal) => identities.identity(target, signal),
    handlers: (...pass) => handlersOf(sessionOf(...pass)),
    traffic: (...pass) => traffic(sessionOf(...pass)),
    preflight: (...pass) => createPreflight(sessionOf(...pass), pass[1].arn, denials),
  };
}

/** A missing kind does not compile. */
function handlersOf(session: Session): Handlers {
  return {
    LogGroup: logGroups(session),
    DataProtectionPolicy: dataProtectionPolicies(session),
    InvocationLogging: invocationLogging(session),
    MetricAlarm: metricAlarms(session),
    Dashboard: dashboards(session),
    QueryDefinition: queryDefinitions(session),
    Link: links(session),
    Sink: sinks(session),
    MetricFilter: metricFilters(session),
    AlarmMuteRule: alarmMuteRules(session),
    CompositeAlarm: compositeAlarms(session),
    LogAlarm: logAlarms(session),
    AnomalyDetector: anomalyDetectors(session),
    LogAnomalyDetector: logAnomalyDetectors(session),
    FieldIndexPolicy: fieldIndexPolicies(session),
    SubscriptionFilter: subscriptionFilters(session),
    LoggingBucket: loggingBuckets(session),
    LoggingRole: loggingRoles(session),
  };
}

function inLane(shared: SharedCalls, lane: Caller['lane']): Session['shared'] {
  return {
    alarm: (name, signal) => shared.alarm(name, lane, signal),
    detector: (name, signal) => shared.detector(name, lane, signal),
    bands: (name, signal) => shared.bands(name, lane, signal),
    deleteAlarm: (name, signal) => shared.deleteAlarm(name, lane, signal),
    logGroup: (name, signal) => shared.logGroup(name, lane, signal),
    queries: (name, signal) => shared.queries(name, lane, signal),
    metricFilter: (name, signal) => shared.metricFilter(name, lane, signal),
    subscriptionFilter: (name, signal) => shared.subscriptionFilter(name, lane, signal),
  };
}

/** Makes a value once per key. */
function memo<A extends readonly unknown[], V>(make: (key: string, ...rest: A) => V): (key: string, ...rest: A) => V {
  const known = new Map<string, V>();
  return (key, ...rest) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key, ...rest);
    known.set(key, made);
    return made;
  };
}
