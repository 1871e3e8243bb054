/** Words of Events that are no reason of a condition: what was done, once each. */
export const eventReasons = {
  DriftCorrected:
    'Somebody changed or removed a resource in AWS, and it was put back; the note has field, from and to.',
  Deleted: 'A resource that the spec no longer names was deleted in AWS.',
  Retained: 'A resource stays in AWS, and this monitor does not look after it any more.',
  Released: "A resource does not carry this monitor's mark any more and was not deleted.",
  Adopted: 'What existed in AWS was taken over, as adoptionPolicy allows; the note has the fields that were changed.',
  TakenOver: 'A logging configuration that no monitor wrote was saved, and replaced.',
  DataLoss: 'Retention was shortened, as the spec says, and AWS deletes what is older; the note has from and to.',
  AlarmFiring: 'An alarm of this monitor came to be in state ALARM.',
  AlarmOver: 'An alarm of this monitor is no longer in state ALARM.',
  Planned: 'Mode Plan: what would be done in AWS, with the hash by which it can be approved.',
  PlanApplied: 'The plan that was approved was done.',
  LoggingReleased: 'The claim on the logging configuration was let go; the note says what became of the configuration.',
} as const;
