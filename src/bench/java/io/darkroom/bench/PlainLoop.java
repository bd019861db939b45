package io.darkroom.bench;

import io.darkroom.render.Bytes;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import io.darkroom.s3.S3Settings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A simple hand-written loop: consume a batch of records, make the worker's calls of the store for
 * each, publish its event and wait for the broker, commit when the batch is done. Nothing is read,
 * rendered or encoded; picture, manifest and event come from a finished render. With more than one
 * thread, that many records of a batch are processed at a time.
 */
public final class PlainLoop {
  static final String READY = "plain loop ready";

  private static final int MOST_RECORDS = 48;
  private static final long MAX_BYTES = 1 << 20;

  private final S3ObjectStore store;
  private final KafkaProducer<String, byte[]> producer;
  private final Bodies bodies;
  private final String name;

  /** The objects and the event for every record. */
  private record Bodies(Bytes picture, Bytes manifest, Bytes event) {}

  private PlainLoop(
      S3ObjectStore store, KafkaProducer<String, byte[]> producer, Bodies bodies, String name) {
    this.store = store;
    this.producer = producer;
    this.bodies = bodies;
    this.name = name;
  }

  /** The topics of a loop. */
  static List<String> topics(String name) {
    return List.of(name + ".requests", name + ".events");
  }

  /** Arguments: name, threads, brokers, store, region, key, secret, folder of the bodies. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[7]);
    Bodies bodies =
        new Bodies(
            new Bytes(Files.readAllBytes(folder.resolve("picture"))),
            new Bytes(Files.readAllBytes(folder.resolve("manifest"))),
            new Bytes(Files.readAllBytes(folder.resolve("event"))));
    S3Settings settings =
        new S3Settings(
            Optional.of(URI.create(args[3])),
            args[4],
            true,
            Optional.of(new S3Settings.Credentials(args[5], args[6])),
            Optional.empty(),
            Duration.ofSeconds(20),
            3);
    try (S3Client client = S3Clients.open(settings);
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", args[2], "acks", "all", "compression.type", "gzip"),
                new StringSerializer(),
                new ByteArraySerializer())) {
      PlainLoop loop = new PlainLoop(new S3ObjectStore(client), producer, bodies, args[0]);
      loop.run(args[2], Executors.newFixedThreadPool(Integer.parseInt(args[1])));
    }
  }

  private void run(String brokers, ExecutorService threads) throws Exception {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", brokers,
            "group.id", name,
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false",
            "max.poll.records", MOST_RECORDS);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topics(name).get(0)));
      System.out.println(READY);
      while (true) {
        List<Future<?>> batch = new ArrayList<>();
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          batch.add(threads.submit(() -> bring(record.key())));
        }
        for (Future<?> each : batch) {
          each.get();
        }
        consumer.commitSync();
      }
    }
  }

  private Void bring(String id) throws Exception {
    ObjectUri folder = ObjectUri.parse("s3://darkroom/" + name + "/" + id + "/");
    if (store.get(folder.child("manifest.json"), MAX_BYTES).isEmpty()) {
      store.put(folder.child("0-0123456789ab.png"), bodies.picture().array(), "image/png");
      store.putIfAbsent(
          folder.child("manifest.json"), bodies.manifest().array(), "application/json");
    }
    ProducerRecord<String, byte[]> event =
        new ProducerRecord<>(topics(name).get(1), id, bodies.event().array());
    event
        .headers()
        .add("ce_type", "io.darkroom.render.completed.v1".getBytes(StandardCharsets.UTF_8));
    producer.send(event).get();
    return null;
  }
}
