package io.darkroom.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class EngineMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final EngineMeters meters = new EngineMeters(registry);

  private record Call(int rows, int padding, int mostRows, int jobs, int samplers, long nanos)
      implements EngineObserver.Call {}

  @Test
  void aCallWithTheMostRowsOfItsShapeIsFull() {
    meters.called("large", new Call(2, 0, 2, 1, 1, 1_000_000));
    meters.called("small", new Call(3, 1, 16, 2, 1, 1_000_000));

    assertThat(fill("large")).isEqualTo(1);
    assertThat(fill("small")).isEqualTo(3.0 / 16);
    assertThat(registry.get("darkroom.padding.rows").tag("model", "small").counter().count())
        .isEqualTo(1);
  }

  private double fill(String model) {
    return registry.get("darkroom.call.fill.ratio").tag("model", model).summary().totalAmount();
  }
}
