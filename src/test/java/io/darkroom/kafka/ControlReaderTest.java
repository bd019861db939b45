package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalKafka;
import io.darkroom.LocalStack;
import io.darkroom.job.JobId;
import io.darkroom.json.ControlCodec;
import io.darkroom.render.Cancellations;
import io.darkroom.render.RetryPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the reader of cancellations continues after any content of its topic. */
class ControlReaderTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final KafkaSettings SETTINGS =
      new KafkaSettings(
          1,
          new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), RetryPolicy.UNLIMITED),
          Duration.ZERO,
          "worker",
          RecordingRenderer.TOPICS,
          3,
          Consumption.CONSUMER_GROUP,
          "darkroom");

  private final Cancellations cancellations =
      new Cancellations(Duration.ofHours(1), 10, Clock.systemUTC());
  private final List<Error> errors = new CopyOnWriteArrayList<>();
  private Runnable counting = () -> {};
  private LocalKafka kafka;
  private Topics topics;
  private ControlReader reader;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    kafka = new LocalKafka(folder, 0);
    kafka.createTopics(LocalStack.TOPICS, 1);
    topics = new Topics(kafka.bootstrapServers());
    reader =
        new ControlReader(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            SETTINGS,
            new ControlCodec(),
            cancellations,
            counts(),
            () -> errors::add,
            Clock.systemUTC(),
            System::nanoTime);
  }

  @AfterEach
  void close() {
    reader.close();
    topics.close();
    kafka.close();
  }

  private ControlCounts counts() {
    return new ControlCounts() {
      @Override
      public void cancelled() {
        counting.run();
      }

      @Override
      public void unusable() {}
    };
  }

  private void cancel(String id, String more) {
    topics.control(0, id, "{\"request_id\":\"" + id + "\",\"action\":\"cancel\"" + more + "}");
  }

  private boolean cancelled(String id) {
    return cancellations.contains(new JobId(id));
  }

  @Test
  void aHugeNumberStopsNeitherTheStartNorLaterCancellations() throws Exception {
    cancel("a", ",\"x\":1E+99999999999");
    topics.control(0, "b", "{\"request_id\":1.0e-2147483647,\"action\":\"cancel\"}");

    assertThat(reader.start()).as("read to its end").isTrue();

    cancel("c", "");
    await().atMost(SOON).until(() -> cancelled("c"));
    assertThat(cancelled("a")).isTrue();
    assertThat(reader.problem()).isEmpty();
  }

  @Test
  void aFaultAtOneRecordDoesNotAffectOthers() throws Exception {
    counting =
        () -> {
          counting = () -> {};
          throw new IllegalStateException("of the first record");
        };
    cancel("first", "");
    cancel("second", "");

    assertThat(reader.start()).isTrue();

    assertThat(cancelled("second")).isTrue();
    assertThat(cancelled("first")).isFalse();
    assertThat(reader.problem()).isEmpty();
  }

  @Test
  void anEarlyEndOfTheReaderIsAProblem() throws Exception {
    assertThat(reader.problem()).as("before it begins").isEmpty();
    assertThat(reader.start()).isTrue();
    OutOfMemoryError error = new OutOfMemoryError("as a test says");
    counting =
        () -> {
          throw error;
        };
    cancel("last", "");

    await().atMost(SOON).until(() -> reader.problem().isPresent());
    assertThat(reader.problem()).hasValue("the thread that reads cancellations ended");
    assertThat(errors).containsExactly(error);
  }
}
