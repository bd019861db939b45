package io.darkroom.app.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowTimesTest {
  private final Map<String, Double> first = new HashMap<>();
  private final Map<String, Double> second = new HashMap<>();
  private final List<String> complaints = new ArrayList<>();
  private boolean broken;
  private long now = 5;

  private final RowTimes times =
      new RowTimes(List.of(() -> Map.copyOf(first), this::second), complaints::add, () -> now);

  private Map<String, Double> second() throws IOException {
    if (broken) {
      throw new IOException("no answer");
    }
    return Map.copyOf(second);
  }

  @Test
  void theFirstSourceThatKnowsAPackageCounts() {
    first.put("a", 1.0);
    second.putAll(Map.of("a", 2.0, "b", 3.0));
    times.refresh();

    assertThat(times.of("a")).hasValue(1);
    assertThat(times.of("b")).hasValue(3);
    assertThat(times.of("c")).isEmpty();
  }

  @Test
  void timesThatAreMeasuredLaterAreRead() {
    times.refresh();
    second.put("b", 3.0);
    now += Duration.ofSeconds(29).toNanos();
    times.refresh();
    assertThat(times.of("b")).as("too early").isEmpty();

    now += Duration.ofSeconds(1).toNanos();
    times.refresh();
    assertThat(times.of("b")).hasValue(3);
  }

  @Test
  void aSourceThatFailsKeepsItsTimes() {
    second.put("b", 3.0);
    times.refresh();
    broken = true;
    now += Duration.ofMinutes(1).toNanos();
    times.refresh();

    assertThat(times.of("b")).hasValue(3);
    assertThat(complaints).containsExactly("row times: no answer");
  }
}
