package io.darkroom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A model of three channels of 16-bit data; many of its numbers exceed the range. */
public final class ScanPackage {
  private static final Path MODEL = Path.of("src/main/models/emoji-32");

  private ScanPackage() {}

  /** Writes the package and returns its folder. */
  public static Path write(Path folder) throws IOException {
    for (String file :
        List.of("model_index.json", "labels.json", "scheduler/scheduler_config.json")) {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.copy(MODEL.resolve(file), folder.resolve(file));
    }
    Path unet = Files.createDirectories(folder.resolve("unet"));
    Files.copy(MODEL.resolve("unet/model.onnx"), unet.resolve("model.onnx"));
    String config = Files.readString(MODEL.resolve("unet/config.json"));
    String data =
        "{\"data_mean\": [60000, 20000, 100], \"data_std\": [9000.5, 40000, 3000],"
            + " \"data_dtype\": \"uint16\",";
    Files.writeString(unet.resolve("config.json"), config.replaceFirst("\\{", data));
    return folder;
  }
}
