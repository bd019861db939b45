package io.darkroom.onnx;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Packages that could keep others from being served, and one valid package. */
public final class HostilePackages {
  private static final long BYTES = 2_300_000_000L;
  private static final int KEYS = 1_000_000;

  private HostilePackages() {}

  public static void sound(Path folder) throws IOException {
    TinyPackage.write(folder, TinyPackage.scaledByScalarTimestep());
  }

  /** A network's file of more than 2 GiB; it takes no room on the disk. */
  public static void huge(Path folder) throws IOException {
    sound(folder);
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("unet/model.onnx").toFile(), "rw")) {
      file.setLength(BYTES);
    }
  }

  /** A network that is a named pipe, to which nothing is ever written. */
  public static void pipe(Path folder) throws IOException, InterruptedException {
    sound(folder);
    Path model = folder.resolve("unet/model.onnx");
    Files.delete(model);
    if (new ProcessBuilder("mkfifo", model.toString()).start().waitFor() != 0) {
      throw new IOException("no pipe: " + model);
    }
  }

  /** A network that never ends. */
  public static void endless(Path folder) throws IOException {
    TinyPackage.write(folder, TinyPackage.loopingWithoutEnd());
  }

  public static void millionKeys(Path folder) throws IOException {
    sound(folder);
    StringBuilder json = new StringBuilder("{\"_class_name\": \"DDIMScheduler\"");
    for (int i = 0; i < KEYS; i++) {
      json.append(",\"key").append(i).append("\":").append(i);
    }
    Files.writeString(folder.resolve("scheduler/scheduler_config.json"), json.append("}"));
  }

  /** A network whose sample has five dimensions. */
  public static void deepSample(Path folder) throws IOException {
    TinyPackage.write(folder, TinyPackage.withDeepSample());
  }

  /** A network with weights in another file. */
  public static void weightsOutside(Path folder, String file) throws IOException {
    TinyPackage.write(folder, TinyPackage.withWeightsIn(file));
  }

  /** A network that declares samples larger than any memory. */
  public static void largeSample(Path folder) throws IOException {
    sound(folder);
    Files.writeString(folder.resolve("unet/config.json"), "{\"sample_size\": 100000}");
  }
}
