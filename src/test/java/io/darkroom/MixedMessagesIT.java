package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.demo.DemoEnvironment;
import io.darkroom.demo.WorkerProcess;
import io.darkroom.kafka.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends two thousand messages, most of them bad, to one small worker. Their seed differs in each
 * run and is reported.
 */
class MixedMessagesIT {
  private static final Path JAR = Path.of(System.getProperty("darkroom.jar"));
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final int HALF = 1000;
  private static final long MEGABYTE = 1 << 20;

  @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void everyMessageIsAnsweredOnceAndItsMemoryIsReleased(@ForAll long seed) throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "mixed-messages-");
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"));
        Topics topics = new Topics(stack.kafka().bootstrapServers())) {
      int port = Ports.take("HTTP", Ports.ANY);
      Map<String, String> environment =
          new HashMap<>(new DemoEnvironment(stack, port).environment("src/main/models"));
      environment.put("JAVA_TOOL_OPTIONS", "-Xms256m -Xmx256m");
      environment.put("DARKROOM_LIMITS_REQUEST_BYTES", "262144");
      environment.put("DARKROOM_LIMITS_WORK", "10000000");
      MixedMessages messages = new MixedMessages(seed);
      Map<String, Boolean> expected = new TreeMap<>();
      try (WorkerProcess worker = WorkerProcess.start(JAR, environment, folder.resolve("log"))) {
        expected.putAll(publish(stack, messages, 0));
        await()
            .pollInterval(Duration.ofSeconds(1))
            .atMost(TIMEOUT)
            .until(() -> events(topics) >= HALF);
        long before = liveBytes();
        expected.putAll(publish(stack, messages, HALF));
        await()
            .pollInterval(Duration.ofSeconds(1))
            .atMost(TIMEOUT)
            .until(() -> events(topics) >= 2 * HALF);
        assertThat(liveBytes() - before).as("growth in bytes").isLessThan(8 * MEGABYTE);
        assertThat(worker.alive()).isTrue();
        assertThat(status(port, "/q/health/ready")).isEqualTo(200);
      }
      answers(topics.all("darkroom.events"), expected);
      deadLetters(topics);
      assertThat(Files.readString(folder.resolve("log"))).doesNotContain("OutOfMemoryError");
    }
  }

  /** Publishes half of the messages; returns by subject whether the message is rendered. */
  private static Map<String, Boolean> publish(LocalStack stack, MixedMessages messages, int from)
      throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", stack.kafka().bootstrapServers());
    Map<String, Boolean> expected = new TreeMap<>();
    try (var producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<MixedMessages.Message> sent = new ArrayList<>();
      List<Future<RecordMetadata>> places = new ArrayList<>();
      for (int number = from; number < from + HALF; number++) {
        MixedMessages.Message message = messages.message(number);
        sent.add(message);
        byte[] key = message.id().getBytes(StandardCharsets.UTF_8);
        places.add(
            producer.send(
                new ProducerRecord<>(
                    "darkroom.requests", number % 2, key, message.body().array())));
      }
      for (int i = 0; i < HALF; i++) {
        RecordMetadata place = places.get(i).get();
        String source = place.topic() + "/" + place.partition() + "/" + place.offset();
        String id = sent.get(i).id();
        expected.put(id.isEmpty() ? source : id, sent.get(i).rendered());
      }
    }
    return expected;
  }

  private static int events(Topics topics) {
    return topics.all("darkroom.events").values().stream().mapToInt(List::size).sum();
  }

  private static void answers(
      Map<String, List<ConsumerRecord<byte[], byte[]>>> events, Map<String, Boolean> expected) {
    assertThat(new TreeSet<>(events.keySet())).isEqualTo(new TreeSet<>(expected.keySet()));
    events.forEach((subject, all) -> assertThat(all).as(subject).hasSize(1));
    Set<String> completed =
        events.entrySet().stream()
            .filter(entry -> type(entry.getValue().get(0)).contains("completed"))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(completed)
        .hasSize(2 * HALF / 10)
        .isEqualTo(
            expected.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static void deadLetters(Topics topics) {
    long rejected =
        topics.all("darkroom.events").values().stream()
            .filter(events -> type(events.get(0)).contains("rejected"))
            .count();
    long kept = topics.all("darkroom.dead-letters").values().stream().mapToLong(List::size).sum();
    assertThat(kept).isEqualTo(rejected).isGreaterThan(HALF);
  }

  private static String type(ConsumerRecord<byte[], byte[]> event) {
    return Topics.headers(event).get("ce_type");
  }

  /** Returns the heap of the worker in use after a collection. */
  private static long liveBytes() throws Exception {
    long worker = ProcessHandle.current().children().findFirst().orElseThrow().pid();
    String jcmd = Jvm.program("jcmd");
    Process process = new ProcessBuilder(jcmd, Long.toString(worker), "GC.class_histogram").start();
    String histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String[] total = histogram.substring(histogram.lastIndexOf("Total")).trim().split("\\s+", -1);
    return Long.parseLong(total[2]);
  }

  private static int status(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
