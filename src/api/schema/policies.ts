import { Type } from 'typebox';
import { choice, form, object, setOf, text } from './shape.ts';

const deletion = (what: string) =>
  Type.Optional(choice(`${what} Default: as deletionPolicy.default.`, ['Delete', 'Retain']));

export const deletionPolicy = object(
  'What deleting the monitor does to AWS, and what removing a part or an entry from the spec does. A rename or a removal never deletes log data: deletionPolicy.logGroup counts when the monitor is deleted.',
  {
    default: Type.Optional(choice('For the parts that are not named. Default: Delete.', ['Delete', 'Retain'])),
    alarms: deletion('The alarms.'),
    dashboards: deletion('The dashboards.'),
    savedQueries: deletion('The saved queries.'),
    metricFilters: deletion('The metric filters.'),
    crossAccount: deletion('The sink and the link of cross-account observability.'),
    dataProtection: Type.Optional(
      choice(
        'The masking policy of a log group that stays. Deleted only while no live logging configuration names the group. Default: Retain, whatever default says; it goes with a log group that is deleted.',
        ['Retain', 'Delete'],
      ),
    ),
    invocationLogging: Type.Optional(
      choice(
        'The logging configuration. Restore: what was found at the takeover is put back, or logging is switched off if there was nothing. Disable: it is switched off. Retain: it stays. A configuration that others changed since is not touched. Default: Restore.',
        ['Restore', 'Disable', 'Retain'],
      ),
    ),
    logGroup: Type.Optional(
      choice(
        "The log groups with all their data. Delete lifts AWS's deletion protection and deletes the data. Default: Retain, whatever default says.",
        ['Retain', 'Delete'],
      ),
    ),
  },
);

const tagged = (what: string) =>
  Type.Optional(choice(`${what} Default: as adoptionPolicy.default.`, ['Never', 'IfTagged', 'Always']));
const untagged = (what: string) => Type.Optional(choice(what, ['Never', 'Always']));

export const adoptionPolicy = object(
  'What is done with what exists in AWS under the name of a part or an entry and carries no mark. What carries the mark of another monitor is never adopted.',
  {
    default: Type.Optional(
      choice(
        'For the parts that are not named. IfTagged: adopted if its owner has set the tag bedrockmonitor.io/adopt-by = <namespace>/<name> of this monitor. Default: Never.',
        ['Never', 'IfTagged', 'Always'],
      ),
    ),
    logGroup: tagged('The log groups.'),
    alarms: tagged('The alarms.'),
    dashboards: tagged('The dashboards.'),
    crossAccount: tagged('The sink and the link of cross-account observability.'),
    savedQueries: untagged(
      'The saved queries. AWS cannot tag them: IfTagged counts as Never. Default: as adoptionPolicy.default.',
    ),
    metricFilters: untagged(
      'The metric filters. AWS cannot tag them: IfTagged counts as Never. Default: as adoptionPolicy.default.',
    ),
    dataProtection: untagged(
      'The masking policy: its identifiers stay and those of the spec are added. AWS cannot tag it: IfTagged counts as Never. Default: as adoptionPolicy.default.',
    ),
    invocationLogging: untagged(
      'The logging configuration. Always: what is found is saved whole, then replaced. Default: Never, whatever default says.',
    ),
  },
);

/** CEL tests: what `driftPolicy.ignore` may look like, and of that what is refused with a sentence of its own. */
const IGNORABLE =
  '^((alarms|dashboards|savedQueries|metricFilters|crossAccount|compositeAlarms|slos|muteRules|anomalyDetectors|invocationLogging)(/[^/]+)+|dataProtection(/.*)?)$';
const MASKING = '^dataProtection(/.*)?$';

const drift = (what: string) =>
  Type.Optional(choice(`${what} Default: as driftPolicy.default.`, ['Correct', 'Report']));

export const driftPolicy = object(
  'What is done about what others change in AWS. Masking of the log group that records go to is always put back.',
  {
    default: Type.Optional(
      choice(
        'For the parts that are not named. Correct: it is put right, at most three times an hour. Report: it is shown in status.drift and not written. Default: Correct.',
        ['Correct', 'Report'],
      ),
    ),
    alarms: drift('The alarms.'),
    dashboards: drift('The dashboards.'),
    savedQueries: drift('The saved queries.'),
    metricFilters: drift('The metric filters.'),
    crossAccount: drift('The sink and the link of cross-account observability.'),
    invocationLogging: drift('The logging configuration.'),
    logGroup: drift('The log groups.'),
    ignore: Type.Optional(
      setOf(
        'Fields that are left to others: part/entry/field as status.plan and status.drift print it, such as alarms/*/threshold; * is one segment. A path also covers what is below it. While a path is listed the value in AWS wins and is no drift. At most 50.',
        text('part/entry/field.', { maxLength: 200 }, [
          form(
            IGNORABLE,
            'must be part/entry/field such as alarms/*/threshold; the parts are alarms, compositeAlarms, slos, muteRules, anomalyDetectors, dashboards, savedQueries, metricFilters, crossAccount and invocationLogging',
          ),
        ]),
        { maxItems: 50 },
        [
          {
            rule: `!self.exists(path, path.matches('${MASKING}'))`,
            message: 'driftPolicy.ignore may not name dataProtection: masking is always put back',
          },
        ],
      ),
    ),
  },
);
