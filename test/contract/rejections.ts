import { ordinaryAcceptances } from './rejections/accepted.ts';
import { alarmFormAcceptances, alarmFormRejections } from './rejections/alarm-forms.ts';
import { alarmRejections } from './rejections/alarms.ts';
import { compositionAcceptances, compositionRejections } from './rejections/composition.ts';
import { crossAccountAcceptances, crossAccountRejections } from './rejections/cross-account.ts';
import { dashboardRejections, queryRejections } from './rejections/dashboards-and-queries.ts';
import { deliveryAcceptances, deliveryRejections } from './rejections/delivery.ts';
import { editRejections } from './rejections/edits.ts';
import { formRejections } from './rejections/forms.ts';
import { attachmentAcceptances, attachmentRejections } from './rejections/log-attachments.ts';
import {
  anomalyDetectorRejections,
  logQueryAndDetectorAcceptances,
  logQueryRejections,
} from './rejections/log-queries-and-detectors.ts';
import { loggingRejections } from './rejections/logging.ts';
import { maskingRejections } from './rejections/masking.ts';
import { policyAcceptances, policyRejections } from './rejections/policies.ts';
import { priceRejections } from './rejections/prices.ts';
import type { Acceptance, Rejection } from './rejections/row.ts';
import { targetRejections } from './rejections/target.ts';

export { laterFields } from './rejections/later-fields.ts';

/** What the API must refuse, with the sentence that the user reads: at least one row per rule of the CRD. */
export const rejections: readonly Rejection[] = [
  ...targetRejections,
  ...priceRejections,
  ...policyRejections,
  ...loggingRejections,
  ...deliveryRejections,
  ...attachmentRejections,
  ...maskingRejections,
  ...alarmRejections,
  ...logQueryRejections,
  ...anomalyDetectorRejections,
  ...alarmFormRejections,
  ...compositionRejections,
  ...dashboardRejections,
  ...queryRejections,
  ...formRejections,
  ...crossAccountRejections,
  ...editRejections,
];

/** What the API must take: edges of the rules, each from the inside. */
export const accepted: readonly Acceptance[] = [
  ...ordinaryAcceptances,
  ...alarmFormAcceptances,
  ...crossAccountAcceptances,
  ...policyAcceptances,
  ...logQueryAndDetectorAcceptances,
  ...attachmentAcceptances,
  ...deliveryAcceptances,
  ...compositionAcceptances,
];
