package io.darkroom.faults;

import io.darkroom.LocalKafka;
import io.darkroom.LocalS3;
import io.darkroom.LocalStack;
import io.darkroom.demo.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker, a store behind a proxy, worker processes, and the clients of a publisher. */
final class FaultStack implements AutoCloseable {
  static final int IN_FLIGHT = 8;
  private static final int PARTITIONS = 4;
  private static final Duration TIMEOUT = Duration.ofMinutes(4);

  private final Path folder;
  private final Path jar;
  private final LocalS3 store;
  private final FaultProxy proxy;
  private final List<Member> workers = new ArrayList<>();
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventLog events;
  private final Random random;
  private final Map<String, String> settings;
  private final int port;
  private LocalKafka kafka;
  private int started;

  FaultStack(Path folder, Path jar, long seed, Map<String, String> settings) throws Exception {
    this.folder = folder;
    this.settings = Map.copyOf(settings);
    this.jar = jar;
    this.random = new Random(seed);
    kafka = new LocalKafka(folder.resolve("kafka"), 0);
    port = Integer.parseInt(kafka.bootstrapServers().split(":", 2)[1]);
    createTopics();
    store = new LocalS3(folder.resolve("s3"), 0);
    store.createBucket(LocalStack.BUCKET);
    proxy = new FaultProxy(store.endpoint());
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    events = new EventLog(kafka.bootstrapServers());
  }

  /** The folder of this run's logs and data. */
  Path folder() {
    return folder;
  }

  Random random() {
    return random;
  }

  EventLog events() {
    return events;
  }

  FaultProxy proxy() {
    return proxy;
  }

  LocalS3 store() {
    return store;
  }

  void request(String id, String json) throws ExecutionException, InterruptedException {
    publish("darkroom.requests", id, json);
  }

  void cancel(String id) throws ExecutionException, InterruptedException {
    String json = "{\"request_id\": \"" + id + "\", \"action\": \"cancel\"}";
    publish("darkroom.control", id, json);
  }

  private void publish(String topic, String key, String value)
      throws ExecutionException, InterruptedException {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(topic, bytes, value.getBytes(StandardCharsets.UTF_8))).get();
  }

  /** A worker, the source of its events, and its log. */
  record Member(WorkerProcess process, String source, Path log) {
    /** Whether it has begun to consume requests. */
    boolean serves() {
      try {
        return Files.readString(log).contains("consuming requests");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Starts a worker. */
  Member join() throws IOException {
    return join(Map.of());
  }

  /** Starts a worker with more in its environment. */
  Member join(Map<String, String> more) throws IOException {
    started++;
    String source = "/worker/" + started;
    Map<String, String> environment = environment();
    environment.put("DARKROOM_KAFKA_EVENT_SOURCE", source);
    environment.putAll(more);
    Path log = folder.resolve("worker-" + started + ".log");
    Member worker = new Member(WorkerProcess.start(jar, environment, log), source, log);
    workers.add(worker);
    return worker;
  }

  /** Returns the configuration of a process that uses the broker and the store. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("DARKROOM_MODELS", "src/main/models");
    environment.put("DARKROOM_KAFKA_BOOTSTRAP_SERVERS", "localhost:" + port);
    environment.put("DARKROOM_KAFKA_IN_FLIGHT", Integer.toString(IN_FLIGHT));
    environment.putAll(LocalS3.environment(proxy.endpoint()));
    environment.put("DARKROOM_ENGINE_PROFILE", "0s");
    environment.put("QUARKUS_HTTP_PORT", "0");
    environment.put("DARKROOM_OUTPUT_PREFIX", "s3://" + LocalStack.BUCKET + "/renders/");
    environment.putAll(settings);
    return environment;
  }

  /** The source of the oldest worker's events. */
  String oldest() {
    return workers.get(0).source();
  }

  /** Kills the oldest worker, as a failing machine does. */
  void kill() {
    workers.remove(0).process().kill();
  }

  /** Stops the oldest worker with SIGTERM. */
  void leave() {
    workers.remove(0).process().close();
  }

  int workers() {
    return workers.size();
  }

  /** Stops the process of the oldest worker, which then misses its heartbeats. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets the oldest worker continue. */
  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(workers.get(0).process().pid());
    new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
  }

  /** Waits until all workers consume requests. */
  void awaitServing() throws InterruptedException {
    until("all workers consume", () -> workers.stream().allMatch(Member::serves));
  }

  /** Stops the broker for a while, and starts it again with its data. */
  void restartBroker(Duration away) throws Exception {
    kafka.close();
    TimeUnit.MILLISECONDS.sleep(away.toMillis());
    kafka = new LocalKafka(folder.resolve("kafka"), port);
  }

  void createTopics() throws InterruptedException {
    List<String> plain =
        LocalStack.TOPICS.stream().filter(each -> !each.equals("darkroom.attempts")).toList();
    kafka.createTopics(plain, PARTITIONS);
    try (Admin admin = Admin.create(kafka.client())) {
      NewTopic attempts =
          new NewTopic("darkroom.attempts", 1, (short) 1)
              .configs(Map.of("cleanup.policy", "compact"));
      if (!admin.listTopics().names().get().contains("darkroom.attempts")) {
        admin.createTopics(List.of(attempts)).all().get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  void deleteTopic(String name) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(kafka.client())) {
      admin.deleteTopics(List.of(name)).all().get();
    }
  }

  /** Sets one setting of a topic; an empty value removes it. */
  void configure(String topic, String setting, String value)
      throws ExecutionException, InterruptedException {
    ConfigEntry entry = new ConfigEntry(setting, value);
    AlterConfigOp.OpType type =
        value.isEmpty() ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = Admin.create(kafka.client())) {
      admin
          .incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, type))))
          .all()
          .get();
    }
  }

  /** Records of the requests' topic that the group has not committed. */
  long uncommitted() throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(kafka.client())) {
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      for (int i = 0; i < PARTITIONS; i++) {
        ends.put(new TopicPartition("darkroom.requests", i), OffsetSpec.latest());
      }
      var committed =
          admin.listConsumerGroupOffsets("darkroom").partitionsToOffsetAndMetadata().get();
      var last = admin.listOffsets(ends).all().get();
      return last.entrySet().stream()
          .mapToLong(
              end ->
                  end.getValue().offset()
                      - (committed.get(end.getKey()) == null
                          ? 0
                          : committed.get(end.getKey()).offset()))
          .sum();
    }
  }

  /** Waits until a condition holds. */
  void until(String what, BooleanSupplier so) throws InterruptedException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new MissedGoal("timed out waiting for: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Override
  public void close() throws IOException {
    workers.forEach(worker -> worker.process().kill());
    producer.close(Duration.ofSeconds(1));
    events.close();
    proxy.close();
    store.close();
    kafka.close();
  }
}
