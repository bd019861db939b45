package io.darkroom;

import io.darkroom.kafka.TopicNames;
import java.nio.file.Path;
import java.util.List;

/**
 * The services that a worker needs, in this process and under one folder: a Kafka broker with
 * Darkroom's topics and an S3 store with its bucket.
 */
public final class LocalStack implements AutoCloseable {
  /** The bucket of pictures. */
  public static final String BUCKET = "darkroom";

  /** Requests, events, progress, control, dead letters, attempts and retries. */
  public static final List<String> TOPICS =
      List.of(
          "darkroom.requests",
          "darkroom.events",
          "darkroom.progress",
          "darkroom.control",
          "darkroom.dead-letters",
          "darkroom.attempts",
          "darkroom.retries");

  /** Returns the topics by their use. */
  public static final TopicNames TOPIC_NAMES =
      new TopicNames(
          List.of("darkroom.requests"),
          "darkroom.control",
          "darkroom.events",
          "darkroom.progress",
          "darkroom.dead-letters",
          "darkroom.attempts",
          "darkroom.retries");

  private static final int PARTITIONS = 2;

  private final LocalKafka kafka;
  private final LocalS3 s3;

  private LocalStack(LocalKafka kafka, LocalS3 s3) {
    this.kafka = kafka;
    this.s3 = s3;
  }

  /** Starts both on free ports. */
  public static LocalStack start(Path folder) throws Exception {
    return start(folder, Ports.ANY, Ports.ANY);
  }

  /**
   * Starts both.
   *
   * @param kafkaPort 0 = any
   * @param s3Port 0 = any
   * @throws IllegalStateException if a port is in use
   */
  public static LocalStack start(Path folder, int kafkaPort, int s3Port) throws Exception {
    Ports.take("S3", s3Port);
    LocalKafka kafka = new LocalKafka(folder.resolve("kafka"), kafkaPort);
    try {
      kafka.createTopics(TOPICS, PARTITIONS);
      LocalS3 s3 = new LocalS3(folder.resolve("s3"), s3Port);
      s3.createBucket(BUCKET);
      return new LocalStack(kafka, s3);
    } catch (Exception e) {
      kafka.close();
      throw e;
    }
  }

  /** The broker. */
  public LocalKafka kafka() {
    return kafka;
  }

  /** The store. */
  public LocalS3 s3() {
    return s3;
  }

  @Override
  public void close() {
    try (kafka) {
      s3.close();
    }
  }
}
