// written by the api work; see there
export type Reason = string;
