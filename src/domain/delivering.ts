/** Where Bedrock delivers records, in the words of its delivery metrics (Bedrock user guide: monitoring). */
export const deliveryDestinations = ['CloudWatch', 'S3', 'LargeDataS3'] as const;
export type DeliveryDestination = (typeof deliveryDestinations)[number];

/** The latest period with an attempt to deliver. */
export interface Delivery {
  readonly destination: DeliveryDestination;
  readonly succeeded: boolean;
}
