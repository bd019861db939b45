package io.darkroom;

import io.darkroom.diffusion.BatchSlice;
import io.darkroom.diffusion.Generator;
import io.darkroom.diffusion.NoiseSource;
import io.darkroom.diffusion.TorchCpuNoise;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Normal numbers a second on one core, for each generator, beside a plain array copy in the same
 * run: {@code java -cp target/classes:target/test-classes io.darkroom.NoiseBench [elements]}.
 */
public final class NoiseBench {
  private static final int ROUNDS = 7;
  private static final long ROUND_NANOS = 300_000_000L;

  private NoiseBench() {}

  public static void main(String[] args) {
    int elements = args.length > 0 ? Integer.parseInt(args[0]) : 4 * 64 * 64;
    float[] from = new float[elements];
    float[] out = new float[elements];
    Map<String, Consumer<float[]>> ways = new LinkedHashMap<>();
    ways.put("array copy", array -> System.arraycopy(from, 0, array, 0, elements));
    for (Generator generator : Generator.values()) {
      ways.put(generator.jsonName(), generator.source(1)::fill);
    }
    ways.put("torch_cpu uniform", new TorchCpuNoise(1)::fillUniform);
    NoiseSource slice = new BatchSlice(new TorchCpuNoise(1), 4, 1);
    ways.put("torch_cpu slice of 4", slice::fill);
    System.out.printf(
        "%d elements a draw, Java %s, %s%n",
        elements, System.getProperty("java.version"), System.getProperty("os.arch"));
    System.out.printf("%-22s %12s %8s %10s%n", "", "M numbers/s", "GB/s", "ns/number");
    ways.forEach((name, way) -> print(name, way, out));
  }

  private static void print(String name, Consumer<float[]> way, float[] out) {
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.max(best, perSecond(way, out));
    }
    System.out.printf(
        "%-22s %12.1f %8.2f %10.2f%n", name, best / 1e6, best * Float.BYTES / 1e9, 1e9 / best);
  }

  private static double perSecond(Consumer<float[]> way, float[] out) {
    long start = System.nanoTime();
    long draws = 0;
    long end;
    do {
      way.accept(out);
      draws++;
      end = System.nanoTime();
    } while (end - start < ROUND_NANOS);
    return draws * (double) out.length * 1e9 / (end - start);
  }
}
