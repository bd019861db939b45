package io.darkroom.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.LocalStack;
import io.darkroom.json.MessageHeaders;
import io.darkroom.kafka.TopicFeed;
import io.darkroom.render.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoardReaderTest {
  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");

  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final Workers workers = new Workers(clock);

  /** Keeps one result only. */
  private final Board board = new Board(Duration.ofHours(1), 1, clock);

  private final BoardReader reader =
      new BoardReader(LocalStack.TOPIC_NAMES, board, workers, 1 << 20);

  private static TopicFeed.Item failed(String id, int second) {
    String topic = LocalStack.TOPIC_NAMES.events();
    return new TopicFeed.Item(
        topic,
        topic + "/0/" + second,
        id,
        NOW.plusSeconds(second),
        new Bytes("{}".getBytes(StandardCharsets.UTF_8)),
        new MessageHeaders("application/json", "1.0", "io.darkroom.render.failed.v1"),
        id,
        "1@a",
        "");
  }

  private Object results() {
    return workers.tree(Map.of()).get(0).get("results");
  }

  @Test
  void aResultThatIsReadAgainIsNotCountedAgain() {
    List<TopicFeed.Item> all = List.of(failed("a", 1), failed("b", 2), failed("a", 3));
    all.forEach(reader::read);
    assertThat(results()).isEqualTo(3);
    all.forEach(reader::read);

    assertThat(results()).isEqualTo(3);
  }
}
