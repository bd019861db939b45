package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DenoiserContract;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The contract on a package. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OrtDenoiserContract extends DenoiserContract {
  private final Path folder;
  private final Lanes lanes;
  private OrtNetworks networks;

  OrtDenoiserContract(Path folder) {
    this(folder, Lanes.ONE);
  }

  OrtDenoiserContract(Path folder, Lanes lanes) {
    this.folder = folder;
    this.lanes = lanes;
  }

  @BeforeAll
  void load() throws BrokenPackage {
    networks = Packages.load(folder, new NetworkSettings(1, 3, Tier.EXACT).on(lanes));
  }

  @AfterAll
  void close() {
    networks.close();
    lanes.close();
  }

  ModelCard card() {
    return networks.card();
  }

  @Override
  protected Denoiser denoiser() {
    return networks.denoiser();
  }

  @Override
  protected Shape shape() {
    Layout layout = card().network().layout();
    return layout.shape(layout.standard());
  }

  /** Conditions by layout: labels, hidden states, or an enlarged picture and its noise level. */
  @Override
  protected Conditioning conditioning(int i, Shape shape) {
    if (!card().textEncoders().isEmpty()) {
      float[] states = sample(100 + i, 77 * 80);
      return new Conditioning(Map.of(), Map.of("encoder_hidden_states", states), new float[0]);
    }
    Map<String, Long> label = Map.of("class_labels", (long) i);
    float[] picture = card().enlarges() ? sample(200 + i, shape.size()) : new float[0];
    return new Conditioning(label, Map.of(), picture);
  }
}
