package io.darkroom.kafka;

/** How workers divide the records of the request topic among them. */
public enum Consumption {
  /** Each partition belongs to one worker. Works with any broker. */
  CONSUMER_GROUP,
  /** Each record belongs to one worker, so there can be more workers than partitions (KIP-932). */
  SHARE_GROUP
}
