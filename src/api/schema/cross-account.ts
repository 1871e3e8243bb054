import { Type } from 'typebox';
import { choice, form, object, type Rule, setOf, text } from './shape.ts';

/** What a source account can share (OAM API reference, CreateLink). */
export const SHARED_TYPES = [
  'AWS::CloudWatch::Metric',
  'AWS::Logs::LogGroup',
  'AWS::XRay::Trace',
  'AWS::ApplicationInsights::Application',
  'AWS::InternetMonitor::Monitor',
  'AWS::ApplicationSignals::Service',
  'AWS::ApplicationSignals::ServiceLevelObjective',
] as const;

/** AWS fills in the name of the source account. */
export const LABEL_TEMPLATE = '$AccountName';

/** CEL tests. */
const SINK_ARN = '^arn:aws[a-z-]*:oam:[a-z0-9-]+:[0-9]{12}:sink/[A-Za-z0-9-]+$';
const ORGANIZATION_ID = '^o-[a-z0-9]{10,32}$';
const SINK_NAME = '^[A-Za-z0-9_.-]+$';

const resourceTypes = (whose: string) =>
  Type.Optional(
    setOf(
      `${whose} Default: AWS::CloudWatch::Metric and AWS::Logs::LogGroup.`,
      choice('One type of telemetry.', SHARED_TYPES),
      { minItems: 1, maxItems: 7 },
    ),
  );

const sink = object(
  'For a monitoring account: the sink that source accounts link to, and whom it admits. AWS has one per account and Region: one monitor holds it, the oldest that asks, and every other one says Conflict. It is admitted exactly what is written here; links that exist stay when an account is taken off the list.',
  {
    sourceAccountIDs: Type.Optional(
      setOf(
        'AWS accounts that may link to the sink. At most 100.',
        text('An AWS account ID: 12 digits, in quotes.', { maxLength: 32 }, [
          form('^[0-9]{12}$', 'must be 12 digits, in quotes'),
        ]),
        { maxItems: 100 },
      ),
    ),
    organizationIDs: Type.Optional(
      setOf(
        'AWS organizations, all of whose accounts may link to the sink. At most 5.',
        text('ID of an AWS organization.', { maxLength: 64 }, [
          form(ORGANIZATION_ID, 'must be the ID of an AWS organization, such as o-a1b2c3d4e5'),
        ]),
        { maxItems: 5 },
      ),
    ),
    resourceTypes: resourceTypes('What may be shared with this account.'),
    awsName: Type.Optional(
      text(
        'Name of the sink in AWS, for when it is made: AWS cannot rename one. Default: bedrockmonitor_<cluster>_<namespace>_<monitor>.',
        { minLength: 1, maxLength: 255 },
        [form(SINK_NAME, 'a sink name may hold letters, digits and . - _')],
      ),
    ),
  },
  [
    {
      rule: '(has(self.sourceAccountIDs) && self.sourceAccountIDs.size() > 0) || (has(self.organizationIDs) && self.organizationIDs.size() > 0)',
      message: 'say who may link to the sink: set sourceAccountIDs, organizationIDs or both',
    },
  ],
);

const label = (self: string): string => `(has(${self}.labelTemplate) ? ${self}.labelTemplate : '${LABEL_TEMPLATE}')`;

const link = object(
  'For a source account: the link by which it shares telemetry with the sink of a monitoring account. The sink must admit this account first.',
  {
    sinkARN: text('ARN of the sink, which is in the same Region. Fixed.', { maxLength: 512 }, [
      form(
        SINK_ARN,
        'must be the ARN of a sink, such as arn:aws:oam:us-east-1:111122223333:sink/1a2b3c4d-1111-2222-3333-444455556666',
      ),
      {
        rule: 'self == oldSelf',
        message: 'AWS cannot move a link to another sink: remove link, apply, then add the new one',
      },
    ]),
    labelTemplate: Type.Optional(
      text(
        `How the monitoring account sees this one: text with $AccountName, $AccountEmail and $AccountEmailNoDomain. Fixed. Default: ${LABEL_TEMPLATE}.`,
        { minLength: 1, maxLength: 64 },
      ),
    ),
    resourceTypes: resourceTypes('What is shared; the sink must admit all of it.'),
    metricFilter: Type.Optional(
      text("Which metric namespaces are shared, such as Namespace = 'AWS/Bedrock'. Default: all.", {
        minLength: 1,
        maxLength: 2000,
      }),
    ),
    logGroupFilter: Type.Optional(
      text("Which log groups are shared, such as LogGroupName LIKE '/aws/bedrock%'. Default: all.", {
        minLength: 1,
        maxLength: 2000,
      }),
    ),
  },
  [
    {
      rule: `${label('self')} == ${label('oldSelf')}`,
      message: 'AWS cannot change the label of a link: remove link, apply, then add the new one',
      fieldPath: '.labelTemplate',
    },
  ],
);

export const crossAccount = object(
  'Cross-account observability of CloudWatch (the Observability Access Manager): a sink in the monitoring account, a link in each source account.',
  { sink: Type.Optional(sink), link: Type.Optional(link) },
);

const given = 'has(self.crossAccount) && has(self.crossAccount.link)';
/** The Region, or the account, of the sink. A text that is no ARN is for its own rule to refuse. */
const ofSink = (part: number): string => `self.crossAccount.link.sinkARN.split(':')[${part}]`;
const isARN = "self.crossAccount.link.sinkARN.split(':').size() > 4";

/** Of the whole spec. */
export const crossAccountRules: readonly Rule[] = [
  {
    rule: `!(${given} && ${isARN}) || ${ofSink(3)} == self.region`,
    message: 'crossAccount.link.sinkARN is a sink of another Region: a link and its sink are in one Region',
    fieldPath: '.crossAccount.link.sinkARN',
  },
  {
    rule: `!(${given} && has(self.accountID) && ${isARN}) || ${ofSink(4)} != self.accountID`,
    message:
      'crossAccount.link.sinkARN is a sink of accountID itself: an account sees its own telemetry without a link',
    fieldPath: '.crossAccount.link.sinkARN',
  },
];
