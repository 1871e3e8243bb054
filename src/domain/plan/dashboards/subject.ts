import type { JsonObject } from '../../json.ts';
import type { Row } from './grid.ts';

/** What a preset is drawn from. */
export interface Subject {
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  /** One line per model; undefined: a search finds every model that has metrics. */
  readonly models: readonly string[] | undefined;
  /** Accounts linked to this monitoring account, whose metrics are shown; empty: this account's own. */
  readonly accounts: readonly string[];
  /** The group of the records. Undefined: none holds them, or other accounts are shown; then no records are. */
  readonly logGroup: string | undefined;
  /** The log group that receives the findings of masking. */
  readonly findingsGroup: string | undefined;
  /** ARNs of this monitor's alarms. */
  readonly alarms: readonly string[];
  readonly prices: readonly ModelPrice[];
}

/** What a million tokens of a model cost, in USD. */
export interface ModelPrice {
  /** By ID, as in AWS's ModelId dimension. */
  readonly model: string;
  readonly inputUSDPerMillion: number;
  readonly outputUSDPerMillion: number;
}

/** A dashboard before its widgets have places. */
interface Drawing {
  readonly rows: readonly Row[];
  readonly variables: readonly JsonObject[];
}

/** One preset. */
export type Draw = (subject: Subject) => Drawing;
