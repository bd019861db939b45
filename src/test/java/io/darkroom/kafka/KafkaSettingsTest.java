package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {

  @Test
  void pausesDoubleUpToTheLongest() {
    var settings =
        new KafkaSettings(1, Duration.ofSeconds(5), Duration.ofSeconds(60), "w", "control");

    assertThat(IntStream.rangeClosed(1, 7).mapToObj(settings::pause).map(Duration::toSeconds))
        .containsExactly(5L, 10L, 20L, 40L, 60L, 60L, 60L);
    assertThat(settings.pause(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void nonsenseIsRefusedByName() {
    assertThatThrownBy(() -> new KafkaSettings(0, Duration.ZERO, Duration.ZERO, "w", "control"))
        .hasMessage("kafka.in-flight: must be 1 to 1024, is 0");
    assertThatThrownBy(
            () -> new KafkaSettings(1, Duration.ofSeconds(2), Duration.ZERO, "w", "control"))
        .hasMessage("kafka pauses: must be 0 or more and rise, are PT2S to PT0S");
  }
}
