package io.darkroom.onnx;

import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ElementType;
import io.darkroom.model.TensorInfo;
import io.darkroom.model.TextEncoderInfo;
import java.nio.file.Path;
import java.util.List;

/** The folders of packages for tests. */
final class Packages {
  static final Path STARTER = Path.of("src/main/models");
  static final Path PIPELINES = Path.of("src/test/resources/pipelines");
  static final NetworkSettings ONE_THREAD = new NetworkSettings(1, 8, Tier.EXACT);

  /** The text encoder of Stable Diffusion 1. */
  static final TextEncoderInfo CLIP =
      new TextEncoderInfo(
          "text_encoder",
          "tokenizer",
          77,
          false,
          List.of(
              new TensorInfo(
                  "last_hidden_state",
                  ElementType.FLOAT,
                  List.of(TensorInfo.ANY, TensorInfo.ANY, 32L))),
          0);

  private Packages() {}

  static OrtNetworks load(Path folder) throws BrokenPackage {
    return load(folder, ONE_THREAD);
  }

  static OrtNetworks load(Path folder, NetworkSettings settings) throws BrokenPackage {
    return OrtNetworks.load(PackageReader.read(folder.toAbsolutePath()), settings);
  }
}
