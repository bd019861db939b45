package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.demo.Surroundings;
import io.darkroom.demo.WorkerProcess;
import io.darkroom.kafka.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker joins and leaves while requests are rendered: each is rendered once, announced once. */
class MovingPartitionsIT {
  private static final Path JAR = Path.of(System.getProperty("darkroom.jar"));
  private static final int REQUESTS = 24;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  private static String request(int i) {
    return """
        {"id": "moving-%d", "kind": "generate", "model": "emoji-32", "class_label": "fox-face",
         "guidance_scale": 2, "num_inference_steps": 150, "seed": %d}
        """
        .formatted(i, i);
  }

  @Test
  void aWorkerThatJoinsAndLeavesCostsNoRenderAndNoEvent() throws Exception {
    Path first = folder.resolve("first.log");
    Path second = folder.resolve("second.log");
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"));
        Topics topics = new Topics(stack.kafka().bootstrapServers())) {
      Map<String, String> environment =
          new HashMap<>(new Surroundings(stack, 0).environment("src/main/models"));
      environment.put("DARKROOM_KAFKA_IN_FLIGHT", "3");
      for (int i = 0; i < REQUESTS; i++) {
        topics.request(i % 2, "moving-" + i, request(i), Map.of());
      }
      try (WorkerProcess staying = WorkerProcess.start(JAR, environment, first)) {
        await().atMost(PATIENCE).until(() -> events(topics).size() > 1);
        try (WorkerProcess joining = WorkerProcess.start(JAR, environment, second)) {
          await().atMost(PATIENCE).until(() -> settled(second).findAny().isPresent());
          assertThat(joining.alive()).isTrue();
        }
        await().atMost(PATIENCE).until(() -> events(topics).size() == REQUESTS);
        assertThat(staying.alive()).isTrue();
      }
      assertThat(Files.readString(first))
          .as("requests were being rendered when the partition moved")
          .containsPattern("partitions revoked .*running=[1-9]\\d* lost=0");
      assertThat(events(topics)).allSatisfy((id, all) -> assertThat(all).as(id).hasSize(1));
    }
    assertThat(Stream.concat(settled(first), settled(second)))
        .as("renders in both workers")
        .hasSize(REQUESTS)
        .allSatisfy(line -> assertThat(line).contains("outcome=completed"));
  }

  private static Map<String, List<ConsumerRecord<byte[], byte[]>>> events(Topics topics) {
    return topics.all("darkroom.events");
  }

  private static Stream<String> settled(Path log) throws IOException {
    return Files.readAllLines(log).stream().filter(line -> line.contains("request finished job="));
  }
}
