package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A package's folder, from which conditions are recognised. */
record PackageFolder(Path folder) implements PackageFacts.Files {

  @Override
  public boolean has(String component) {
    return Files.isDirectory(folder.resolve(component));
  }

  @Override
  public List<String> adapters() throws BrokenPackage {
    return LoraFile.names(folder);
  }

  @Override
  public Config config(String file) throws BrokenPackage {
    return ConfigFile.read(folder, file);
  }

  @Override
  public Optional<Config> configIfPresent(String file) throws BrokenPackage {
    return ConfigFile.readIfPresent(folder, file);
  }

  @Override
  public List<TensorInfo> outputs(String component) throws BrokenPackage {
    return network(component).outputs();
  }

  @Override
  public boolean givesEarlierStates(String component, int layers) throws BrokenPackage {
    return network(component).withEarlierStates(layers).isPresent();
  }

  private OnnxGraph network(String component) throws BrokenPackage {
    return OnnxGraph.read(folder, component + "/model.onnx");
  }
}
