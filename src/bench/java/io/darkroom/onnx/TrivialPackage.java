package io.darkroom.onnx;

import java.io.IOException;
import java.nio.file.Path;

/** A package whose network is a handful of nodes on pictures of 8 x 8. */
public final class TrivialPackage {

  private TrivialPackage() {}

  /** Writes it into a folder, which has its name. */
  public static Path write(Path folder) throws IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(1, 2, 3));
    return folder;
  }
}
