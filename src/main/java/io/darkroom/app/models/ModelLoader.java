package io.darkroom.app.models;

import io.darkroom.engine.LoadedModel;
import io.darkroom.model.BrokenPackage;
import java.nio.file.Path;

/** Loads packages from folders of the disk into an engine. */
public interface ModelLoader {

  /**
   * Reads, tests and loads a package. Blocks.
   *
   * @param folder the package
   * @throws BrokenPackage if it cannot be served
   */
  LoadedModel load(Path folder) throws BrokenPackage;

  /** Closes a package that no request uses. */
  void unload(String name);
}
