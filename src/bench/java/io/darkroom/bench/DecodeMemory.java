package io.darkroom.bench;

import io.darkroom.engine.LatentCodec;
import io.darkroom.job.Tier;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Decodes square latents of sd-mini once and prints the seconds and the peak of the process's
 * memory beyond what it had before, in MiB. Arguments: latents per side, and latents per side of a
 * tile (half of the side or more: no tiles). {@link DecodeBench} runs it with {@code -Xms512m
 * -Xmx512m -XX:+AlwaysPreTouch}, so that the heap does not count. Each figure needs a process of
 * its own, because ONNX Runtime keeps memory.
 */
public final class DecodeMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Writing 5 makes the present resident memory the peak, see the manual page proc(5). */
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  private static final int CHANNELS = 4;

  private DecodeMemory() {}

  public static void main(String[] arguments) throws Exception {
    int side = Integer.parseInt(arguments[0]);
    Path folder = Files.createTempDirectory("decode").resolve("sd-mini");
    copy(MeasuredPackage.SD_MINI.folder(), folder, Integer.parseInt(arguments[1]));
    NetworkSettings settings = new NetworkSettings(1, 1, Tier.EXACT);
    try (OrtNetworks networks = OrtNetworks.load(PackageReader.read(folder), settings)) {
      measure(networks.latentCodec().orElseThrow(), latents(side));
    }
  }

  private static void measure(LatentCodec codec, Tensor latents) throws IOException {
    Files.writeString(CLEAR, "5");
    double before = kilobytes("VmRSS:");
    long begin = System.nanoTime();
    Tensor picture = codec.decode(latents);
    double seconds = (System.nanoTime() - begin) / 1e9;
    double grown = (kilobytes("VmHWM:") - before) / 1024;
    if (!picture.isFinite()) {
      throw new IllegalStateException("the decoded picture is not finite");
    }
    System.out.println(seconds + " " + grown);
  }

  private static Tensor latents(int side) {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[CHANNELS * side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return new Tensor(values, new Shape(CHANNELS, side, side));
  }

  private static void copy(Path from, Path to, int tile) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    Path config = to.resolve("vae_decoder/config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replaceFirst("\\{", "{\"decode_tile_size\": " + tile + ","));
  }

  private static long kilobytes(String key) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException(STATUS + ": has no " + key);
  }
}
