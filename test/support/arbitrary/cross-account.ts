import * as fc from 'fast-check';
import { SHARED_TYPES } from '#src/api/schema/cross-account.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { some } from './entries.ts';
import { surroundings } from './surroundings.ts';

const resourceTypes = fc.subarray([...SHARED_TYPES], { minLength: 1 });
const sourceAccountIDs = fc.subarray([surroundings.otherAccountID, '777788889999'], { minLength: 1 });
const organizationIDs = fc.constant(['o-a1b2c3d4e5']);
const more = { resourceTypes, awsName: fc.constant('by-hand') };

const sink = fc.oneof(
  some({ sourceAccountIDs, organizationIDs, ...more }, 'sourceAccountIDs'),
  some({ organizationIDs, ...more }, 'organizationIDs'),
);

/** To one sink, under one label: AWS can change neither. */
const link = some(
  {
    sinkARN: fc.constant(surroundings.sinkARN),
    labelTemplate: fc.constant('$AccountName'),
    resourceTypes,
    metricFilter: fc.constant("Namespace = 'AWS/Bedrock'"),
    logGroupFilter: fc.constant("LogGroupName LIKE '/aws/bedrock%'"),
  },
  'sinkARN',
);

export const crossAccount: fc.Arbitrary<NonNullable<BedrockMonitorSpec['crossAccount']>> = some({ sink, link });
