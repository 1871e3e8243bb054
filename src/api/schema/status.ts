import { Type } from 'typebox';
import { conditions } from './condition.ts';
import { atomicList, choice, object, setOf, text } from './shape.ts';

/** Lengths: AWS's longest names and ARNs, and the bound of a message. */
/** What stands on a log group (512) is named after it and by its own name. */
const NAME = 768;
const ARN = 2048;
const MESSAGE = 1024;

const count = (description: string) => Type.Integer({ description, minimum: 0, format: 'int64' });
const time = (description: string) => text(description, { maxLength: 64, format: 'date-time' });

const summary = {
  summary: text('In sync out of declared, such as 14/14.', { maxLength: 32 }),
  total: count('Declared resources.'),
  inSync: count('Those read back equal to the spec.'),
};

const invocationLogging = object('What AWS has; absent while another monitor holds this account and Region.', {
  state: Type.Optional(
    choice('Enabled, Disabled, Foreign (a configuration that no monitor wrote) or Unknown.', [
      'Enabled',
      'Disabled',
      'Foreign',
      'Unknown',
    ]),
  ),
  logGroupName: Type.Optional(text('The log group that receives records.', { maxLength: NAME })),
  retentionInDays: Type.Optional(count('Its retention; absent where records never expire.')),
  claimedBy: Type.Optional(text('Who holds this account and Region: namespace/name.', { maxLength: 320 })),
  saved: Type.Optional(
    text(
      'What AWS held before any monitor wrote: raw JSON, none, or unknown. A copy of what the claim keeps; deleting the monitor puts it back, unless deletionPolicy says otherwise.',
      { maxLength: 16_384 },
    ),
  ),
});

const dataProtection = object('The masking policy.', {
  state: choice('Active; LogsOnly (in force, while S3 receives bodies that are not masked); Pending; or Failed.', [
    'Active',
    'LogsOnly',
    'Pending',
    'Failed',
  ]),
  since: Type.Optional(
    time('When masking was first read back in force (records from before are not masked), or first seen not to be.'),
  ),
  identifiers: Type.Optional(count('How many data identifiers are masked.')),
  policyName: Type.Optional(text('Name of the policy in AWS.', { maxLength: NAME })),
  accountPolicyName: Type.Optional(
    text("A masking policy of the whole AWS account, which masks as well and is not this monitor's.", {
      maxLength: NAME,
    }),
  ),
});

const inventoryEntry = object('One AWS resource of this monitor.', {
  kind: text('Its kind.', { maxLength: 64 }),
  name: text('Its name in AWS.', { maxLength: NAME }),
  id: Type.Optional(text('The ID, where AWS makes one.', { maxLength: 256 })),
});

const resource = object('What is known about one AWS resource.', {
  kind: text('Its kind.', { maxLength: 64 }),
  name: text('Its name in AWS.', { maxLength: NAME }),
  arn: Type.Optional(text('Its ARN.', { maxLength: ARN })),
  state: choice('Pending, InSync, Updated, Waiting, Failed or Deleting.', [
    'Pending',
    'InSync',
    'Updated',
    'Waiting',
    'Failed',
    'Deleting',
  ]),
  reason: Type.Optional(text('Why it is not in sync.', { maxLength: 64 })),
  message: Type.Optional(text('The same in a sentence.', { maxLength: MESSAGE })),
  lastChanged: Type.Optional(time('When this monitor last wrote it.')),
});

/** Values in plan and drift: JSON, shortened. */
const VALUE = 128;

const field = {
  from: Type.Optional(text('The value in AWS; absent: there is none.', { maxLength: VALUE })),
  to: Type.Optional(text('The value of the spec; absent: there is none.', { maxLength: VALUE })),
};
const path = (description: string) => text(description, { maxLength: 1024 });

const drift = object('What others changed in AWS, where it is reported and not put right.', {
  count: count('How many fields.'),
  fields: Type.Optional(
    atomicList(
      'The first of them.',
      object('One field.', {
        path: path('part/entry/field, as driftPolicy.ignore takes it.'),
        ...field,
        since: Type.Optional(time('When it was first seen.')),
      }),
      { maxItems: 20 },
    ),
  ),
});

const plannedChange = object('One AWS resource that would be written.', {
  action: choice('What would be done.', ['Create', 'Update', 'Adopt', 'Delete', 'Restore', 'Disable', 'Release']),
  kind: text('Its kind.', { maxLength: 64 }),
  name: text('Its name in AWS.', { maxLength: NAME }),
  fields: Type.Optional(
    atomicList(
      'The first five fields that would change, those that lose data before all others; bodies, queries and descriptions as a hash and a length.',
      object('One field.', {
        path: path('The field.'),
        ...field,
        losesData: Type.Optional(
          Type.Boolean({ description: 'True: AWS deletes data by it, because retention is shortened.' }),
        ),
      }),
      { maxItems: 5 },
    ),
  ),
});

const plan = object('In mode Plan: what Enforce would do now.', {
  hash: Type.Optional(
    text(
      'Names exactly this plan: the annotation bedrockmonitor.io/approve-plan with this value lets it be done, once. Absent: there is nothing to do.',
      { maxLength: 64 },
    ),
  ),
  create: count('Resources that would be created.'),
  update: count('Resources that would be updated or adopted.'),
  delete: count('Resources that would be deleted or let go.'),
  changes: Type.Optional(atomicList('The first of them.', plannedChange, { maxItems: 50 })),
  omitted: Type.Optional(count('How many more changes there are.')),
  lastApplied: Type.Optional(text('The hash of the plan that was approved and done last.', { maxLength: 64 })),
});

const onDelete = object('What deleting the monitor now would do.', {
  deletes: count('How many AWS resources it would delete.'),
  retains: Type.Optional(
    atomicList('What it would leave in AWS: kind/name, the first 20.', text('kind/name.', { maxLength: 800 }), {
      maxItems: 20,
    }),
  ),
  retainsOmitted: Type.Optional(count('How many more it would leave.')),
  invocationLogging: Type.Optional(
    choice('What would become of the logging configuration that this monitor set.', ['Restore', 'Disable', 'Retain']),
  ),
});

export const status = object('What is true in AWS, as last read.', {
  observedGeneration: Type.Optional(
    Type.Integer({ description: 'The generation of the spec that was last worked on.', format: 'int64' }),
  ),
  conditions: Type.Optional(conditions),
  mode: Type.Optional(
    choice('The mode in force. Suspended: by suspend, suspendUntil or the annotation suspend-until.', [
      'Enforce',
      'Plan',
      'Observe',
      'Suspended',
    ]),
  ),
  lastHandledReconcileAt: Type.Optional(
    text('The value of the annotation bedrockmonitor.io/reconcile-requested-at that was last acted upon.', {
      maxLength: 256,
    }),
  ),
  accountID: Type.Optional(text('The AWS account that this monitor is bound to.', { maxLength: 12 })),
  identityARN: Type.Optional(text('As whom the operator acts there.', { maxLength: ARN })),
  invocationLogging: Type.Optional(invocationLogging),
  dataProtection: Type.Optional(dataProtection),
  alarms: Type.Optional(
    object('The alarms, composites and anomaly detectors.', {
      ...summary,
      ok: Type.Optional(count('Alarms in state OK, as last read.')),
      firing: Type.Optional(count('Alarms in state ALARM.')),
      insufficientData: Type.Optional(count('Alarms in state INSUFFICIENT_DATA.')),
      firingNames: Type.Optional(
        atomicList('The first 20 of those that fire.', text('entry or entry/model.', { maxLength: 320 }), {
          maxItems: 20,
        }),
      ),
    }),
  ),
  dashboards: Type.Optional(object('The dashboards.', summary)),
  savedQueries: Type.Optional(object('The saved queries.', summary)),
  metricFilters: Type.Optional(object('The metric filters.', summary)),
  models: Type.Optional(
    setOf(
      'Models with traffic that the patterns of the spec match, the first 50.',
      text('ModelId.', { maxLength: 256 }),
      {
        maxItems: 50,
      },
    ),
  ),
  estimatedMonthlyCost: Type.Optional(
    object(
      'What this monitor causes at rest: alarms, dashboards, custom metrics and the calls of the operator. Log volume and queries are apart.',
      {
        amountUSD: text('US dollars a month.', { maxLength: 32 }),
        pricesOf: text('The date of the price table.', { maxLength: 64 }),
      },
    ),
  ),
  drift: Type.Optional(drift),
  plan: Type.Optional(plan),
  onDelete: Type.Optional(onDelete),
  inventoryUID: Type.Optional(
    text('The metadata.uid that inventory was built for. Another, or none: AWS is listed first.', { maxLength: 64 }),
  ),
  inventory: Type.Optional(
    atomicList('What this monitor owns in AWS, written before it is created.', inventoryEntry, { maxItems: 1000 }),
  ),
  resources: Type.Optional(atomicList('Resources for people, those not in sync first.', resource, { maxItems: 100 })),
  resourcesOmitted: Type.Optional(count('How many more there are.')),
});
