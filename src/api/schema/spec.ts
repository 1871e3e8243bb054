import { Type } from 'typebox';
import { alarms } from './alarms.ts';
import { anomalyDetectors } from './anomaly-detectors.ts';
import { compositeAlarms } from './composite-alarms.ts';
import { crossAccount } from './cross-account.ts';
import { dashboards } from './dashboards.ts';
import { dataProtection } from './data-protection.ts';
import { invocationLogging } from './invocation-logging.ts';
import { metricFilters } from './metric-filters.ts';
import { modelPrices } from './model-prices.ts';
import { muteRules } from './mute-rules.ts';
import { notifications } from './notifications.ts';
import { savedQueries } from './saved-queries.ts';
import { object } from './shape.ts';
import { slos } from './slos.ts';
import { specRules } from './spec-rules.ts';
import { target } from './target.ts';

export const spec = object(
  'What AWS is to be like. Nothing is filled in: a field that is absent has the default that its description names.',
  {
    ...target,
    modelPrices: Type.Optional(modelPrices),
    invocationLogging: Type.Optional(invocationLogging),
    dataProtection: Type.Optional(dataProtection),
    notifications: Type.Optional(notifications),
    alarms: Type.Optional(alarms),
    anomalyDetectors: Type.Optional(anomalyDetectors),
    compositeAlarms: Type.Optional(compositeAlarms),
    slos: Type.Optional(slos),
    muteRules: Type.Optional(muteRules),
    dashboards: Type.Optional(dashboards),
    savedQueries: Type.Optional(savedQueries),
    metricFilters: Type.Optional(metricFilters),
    crossAccount: Type.Optional(crossAccount),
  },
  specRules,
);
