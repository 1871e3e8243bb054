import type { JsonObject } from '../../json.ts';
import { BEDROCK } from '../bedrock-metric.ts';
import type { Subject } from './subject.ts';

/** What stands in widgets for the model that the reader chooses: a pattern variable replaces it wherever it is. */
export const CHOSEN_MODEL = 'CHOSEN_MODEL';
/** AWS's bounds of a variable's values ("Variables Array Structure", CloudWatch API reference). */
const MAX_VALUES = 500;
const MAX_VALUE_LENGTH = 255;

/** Where Bedrock is offered, by partition ("Regional availability by endpoints", Bedrock user guide, 2026). */
const regions: ReadonlyMap<string, string> = new Map([
  [
    'aws',
    'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 ' +
      'eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 ' +
      'ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ' +
      'ap-southeast-3 ap-southeast-4 af-south-1 il-central-1 me-central-1',
  ],
  ['aws-us-gov', 'us-gov-west-1 us-gov-east-1'],
]);

/** Turns every widget to another Region; the alarms stay where they are. */
export function regionVariable({ region, partition }: Subject): JsonObject {
  const values = [...new Set([region, ...(regions.get(partition)?.split(' ') ?? [])])];
  return {
    type: 'property',
    property: 'region',
    inputType: 'select',
    id: 'region',
    label: 'Region',
    visible: true,
    defaultValue: region,
    values: values.map((value) => ({ value })),
  };
}

/** Chooses what `ofChosenModel` draws: one of the models watched, or of those that have metrics. */
export function modelVariable({ models }: Subject): JsonObject {
  const [first, ...rest] = (models ?? []).filter((model) => model.length <= MAX_VALUE_LENGTH).slice(0, MAX_VALUES);
  return {
    type: 'pattern',
    pattern: CHOSEN_MODEL,
    inputType: 'select',
    id: 'model',
    label: 'Model',
    visible: true,
    ...(first === undefined
      ? {
          search: `{${BEDROCK},ModelId} MetricName="Invocations"`,
          populateFrom: 'ModelId',
          defaultValue: '__FIRST',
        }
      : { values: [first, ...rest].map((value) => ({ value })), defaultValue: first }),
  };
}
