import { monitor } from './schema/monitor.ts';
import { group, kind, plural, version } from './v1alpha1.ts';

interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 1 shows the column with `-o wide` only. */
  readonly priority?: 1;
}

/** What `kubectl get` shows. */
const columns: readonly Column[] = [
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    description: 'Whether AWS was read back and is what the spec says.',
  },
  {
    name: 'Reason',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
    description: 'Why, in one word.',
  },
  {
    name: 'Logging',
    type: 'string',
    jsonPath: '.status.invocationLogging.state',
    description: 'Bedrock invocation logging in this account and Region.',
  },
  {
    name: 'Masking',
    type: 'string',
    jsonPath: '.status.dataProtection.state',
    description: 'The masking policy of the log group.',
  },
  {
    name: 'Alarms',
    type: 'string',
    jsonPath: '.status.alarms.summary',
    description: 'Alarms in sync out of declared.',
  },
  {
    name: 'Firing',
    type: 'integer',
    jsonPath: '.status.alarms.firing',
    description: 'Alarms in state ALARM.',
  },
  {
    name: 'Drift',
    type: 'integer',
    jsonPath: '.status.drift.count',
    description: 'Fields that others changed in AWS and that are only reported.',
  },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since creation.' },
  { name: 'Region', type: 'string', jsonPath: '.spec.region', description: 'AWS Region.', priority: 1 },
  { name: 'Account', type: 'string', jsonPath: '.status.accountID', description: 'AWS account.', priority: 1 },
  { name: 'Mode', type: 'string', jsonPath: '.status.mode', description: 'The mode in force.', priority: 1 },
  {
    name: 'Delivering',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Delivering")].status',
    description: 'Whether records arrive.',
    priority: 1,
  },
  {
    name: 'Dashboards',
    type: 'string',
    jsonPath: '.status.dashboards.summary',
    description: 'Dashboards in sync out of declared.',
    priority: 1,
  },
  {
    name: 'Queries',
    type: 'string',
    jsonPath: '.status.savedQueries.summary',
    description: 'Saved queries in sync out of declared.',
    priority: 1,
  },
  {
    name: 'Cost',
    type: 'string',
    jsonPath: '.status.estimatedMonthlyCost.amountUSD',
    description: 'Estimated US dollars a month.',
    priority: 1,
  },
  {
    name: 'Message',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].message',
    description: 'What to do.',
    priority: 1,
  },
];

/**
 * The CustomResourceDefinition as it is applied; crds/bedrockmonitors.yaml is this. Selectable fields are of
 * Kubernetes 1.31: 1.30 knows the member and drops it.
 */
export const customResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    names: {
      kind,
      listKind: `${kind}List`,
      plural,
      singular: 'bedrockmonitor',
      shortNames: ['bmon'],
      categories: ['aws'],
    },
    scope: 'Namespaced',
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        additionalPrinterColumns: columns,
        selectableFields: [{ jsonPath: '.spec.region' }, { jsonPath: '.spec.accountID' }],
        subresources: { status: {} },
        schema: { openAPIV3Schema: monitor },
      },
    ],
  },
} as const;
