package io.darkroom.kafka;

/** How workers divide the records of the request topic among them. */
public enum Consumption {
  /** Each partition belongs to one worker; any broker. */
  CONSUMER_GROUP,
  /** Each record belongs to one worker, so more workers than partitions all work (KIP-932). */
  SHARE_GROUP
}
