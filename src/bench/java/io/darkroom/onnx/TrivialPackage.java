package io.darkroom.onnx;

import java.io.IOException;
import java.nio.file.Path;

/** A package whose network has a few nodes on pictures of 8 x 8. */
public final class TrivialPackage {

  private TrivialPackage() {}

  /** Writes it into a folder, whose name is the package's. */
  public static Path write(Path folder) throws IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(1, 2, 3));
    return folder;
  }
}
