package io.darkroom.onnx;

import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import java.nio.file.Path;

/** Where the packages are that tests load. */
final class Packages {
  static final Path STARTER = Path.of("src/main/models");
  static final Path PIPELINES = Path.of("src/test/resources/pipelines");
  static final NetworkSettings ONE_THREAD = new NetworkSettings(1, 8, Tier.EXACT);

  private Packages() {}

  static OrtNetworks load(Path folder) throws BrokenPackage {
    return load(folder, ONE_THREAD);
  }

  static OrtNetworks load(Path folder, NetworkSettings settings) throws BrokenPackage {
    return OrtNetworks.load(PackageReader.read(folder.toAbsolutePath()), settings);
  }
}
