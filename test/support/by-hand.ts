import { GROUP } from './specs.ts';
import type { World } from './world.ts';
import { ACCOUNT, REGION } from './world.ts';

const owner = 'test/genai/production';

/** Under each name that `basicSpec` comes to, something that people made: without our mark, with tags of theirs. */
export function makeByHand({ aws }: World): void {
  const account = aws.account(ACCOUNT);
  const region = account.region(REGION);
  const alarm = `bedrockmonitor/${owner}/throttling`;
  region.alarms.set(alarm, {
    kind: 'MetricAlarm',
    name: alarm,
    configuration: {
      AlarmDescription: 'made by hand',
      MetricName: 'CPUUtilization',
      Namespace: 'AWS/EC2',
      Threshold: 1,
    },
    tags: { team: 'theirs' },
    configurationUpdatedAt: 0,
    state: 'OK',
    stateReason: '',
    stateReasonData: undefined,
    stateUpdatedAt: 0,
    stateTransitionedAt: 0,
  });
  const dashboard = `bedrockmonitor_${owner.replaceAll('/', '_')}_overview_${REGION}`;
  account.state.dashboards.set(dashboard, {
    name: dashboard,
    body: JSON.stringify({ widgets: [] }),
    tags: { team: 'theirs' },
    lastModified: 0,
  });
  const queryDefinitionId = '00000000-0000-4000-8000-000000000001';
  region.queryDefinitions.set(queryDefinitionId, {
    queryDefinitionId,
    name: `bedrockmonitor/${owner}/latest`,
    queryString: 'fields @message',
    queryLanguage: 'CWLI',
    logGroupNames: ['/theirs'],
    parameters: undefined,
    lastModified: 0,
  });
  account.logGroup(REGION, { name: GROUP, retentionInDays: 365, tags: { team: 'theirs' } });
  const group = region.logGroups.get(GROUP);
  if (group === undefined) throw new Error('the log group was not made');
  const identifiers = ['arn:aws:dataprotection::aws:data-identifier/VehicleIdentificationNumber'];
  group.dataProtection = {
    document: JSON.stringify({
      Name: 'audit',
      Version: '2021-06-01',
      Statement: [
        { Sid: 'a', DataIdentifier: identifiers, Operation: { Audit: { FindingsDestination: {} } } },
        { Sid: 'd', DataIdentifier: identifiers, Operation: { Deidentify: { MaskConfig: {} } } },
      ],
    }),
    lastUpdatedTime: 0,
  };
  group.dataProtectionStatus = 'ACTIVATED';
}
