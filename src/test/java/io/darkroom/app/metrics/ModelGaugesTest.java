package io.darkroom.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Tier;
import io.darkroom.render.ServedModels;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelGaugesTest {

  @Test
  void aPackageThatIsNotExactHasItsGauge() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new ModelGauges(registry)
        .register(new ServedModels(Map.of()), Tier.EXACT, () -> 2, List.of("labels"));

    assertThat(
            registry
                .get("darkroom.self.test.exact")
                .tags("model", "labels", "tier", "exact")
                .gauge()
                .value())
        .isZero();
    assertThat(registry.get("darkroom.models.left.out").gauge().value()).isEqualTo(2);
  }
}
