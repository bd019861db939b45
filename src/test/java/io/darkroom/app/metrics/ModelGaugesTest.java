package io.darkroom.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Tier;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Profile;
import io.darkroom.onnx.PackageReader;
import io.darkroom.render.ServedModels;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelGaugesTest {
  private static final String ROW = "darkroom.row.milliseconds";
  private static final Fingerprint.Device CPU =
      new Fingerprint.Device(
          "1.28.0", "cpu", Map.of(), "cpu", "", 1, "float32", "all", "exact", "1-8");

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

  @Test
  void theTimeOfARowIsThatOfThePackagesOwnSize() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ModelGauges gauges = new ModelGauges(registry);
    ModelCard card = PackageReader.read(Path.of("src/main/models/emoji-32")).card();
    Profile profile = new Profile(List.of(new Profile.Point(2, 41.5)));
    Findings.Memory memory = new Findings.Memory(1, 1, 1);
    Findings findings = new Findings(Map.of(), false, memory, profile);

    gauges.add(new LoadedModel(card, CPU, Map.of(), findings));
    assertThat(registry.get(ROW).tag("model", "emoji-32").gauge().value()).isEqualTo(41.5);

    gauges.remove("emoji-32");
    assertThat(registry.find(ROW).gauge()).isNull();
  }
}
