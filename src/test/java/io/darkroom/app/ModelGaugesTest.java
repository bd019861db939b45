package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.onnx.NetworkSettings;
import io.darkroom.render.ServedModels;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelGaugesTest {

  @Test
  void aPackageThatIsNotExactHasItsGauge() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ModelLoading.Loaded loaded =
        new ModelLoading.Loaded(
            new ServedModels(Map.of()),
            NetworkSettings.Tier.EXACT,
            List.of("bad: a file is missing", "labels: rows depend on one another"),
            Map.of("labels", "labels: rows depend on one another"));

    ModelGauges.register(registry, loaded);

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
