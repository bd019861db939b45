package io.darkroom.diffusion.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares every file of random numbers in the index with PyTorch's values. */
class GoldenNoiseTest {
  private static final Map<String, Bound> BOUNDS =
      Map.of("f32 avx2", Bound.EXACT, "f32 scalar", Bound.TWO_ULPS, "f64 avx2", Bound.DOUBLE);

  /** Allowed difference of a value. */
  private enum Bound {
    /** The same bits, including the sign of zero. */
    EXACT,
    /** Without AVX2, PyTorch uses the C library's functions, which differ in the last bits. */
    TWO_ULPS,
    /** The C library's log, log1p, sin and cos in double precision. */
    DOUBLE,
    /** A GPU's single precision against double precision. */
    GPU;

    double excess(double actual, double expected) {
      double off = Math.abs(actual - expected);
      return switch (this) {
        case EXACT -> Double.compare(actual, expected) == 0 ? 0 : Math.max(off, Double.MIN_VALUE);
        case TWO_ULPS -> off - 2 * Math.ulp((float) expected);
        case DOUBLE -> off - 1e-15 * Math.max(1, Math.abs(expected));
        case GPU -> off - 1e-5;
      };
    }
  }

  static Stream<Named<JsonNode>> cpu() {
    return entries("cpu");
  }

  static Stream<Named<JsonNode>> words() {
    return entries("cpu_words");
  }

  static Stream<Named<JsonNode>> sequences() {
    return entries("cpu_sequences");
  }

  static Stream<Named<JsonNode>> philox() {
    return entries("philox");
  }

  @ParameterizedTest
  @MethodSource("cpu")
  void aDrawEqualsPyTorchsOnTheCpu(JsonNode entry) {
    double[] drawn = drawer(entry.get("path").asText(), entry).draw(entry);
    assertClose(drawn, expected(entry), bound(entry, entry.get("path").asText()));
  }

  @ParameterizedTest
  @MethodSource("words")
  void wordsEqualTheMersenneTwisters(JsonNode entry) {
    MersenneTwister twister = new MersenneTwister((int) entry.get("seed").asLong());
    double[] drawn = new double[entry.get("n").asInt()];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = Integer.toUnsignedLong(twister.next());
    }
    assertClose(drawn, expected(entry), Bound.EXACT);
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void drawsOnOneGeneratorFollowOneAnotherAsInPyTorch(JsonNode entry) {
    String path = entry.get("path").asText();
    Drawer drawer = drawer(path, entry);
    double[] expected = expected(entry);
    int checked = 0;
    for (JsonNode draw : entry.get("draws")) {
      double[] drawn = drawer.draw(draw);
      assertThat(draw.get("start").asInt()).isEqualTo(checked);
      double[] part = new double[drawn.length];
      System.arraycopy(expected, checked, part, 0, part.length);
      assertClose(drawn, part, bound(draw, path));
      checked += part.length;
    }
    assertThat(checked).isEqualTo(expected.length);
  }

  @ParameterizedTest
  @MethodSource("philox")
  void drawsEqualPyTorchsOnTheGpu(JsonNode entry) {
    int threads = entry.path("threads").asInt(TorchCudaNoise.Launch.DEFAULT.threadsEach());
    int multiprocessors = entry.has("threads") ? 1 : 108;
    TorchCudaNoise noise =
        new TorchCudaNoise(
            entry.get("seed").asLong(), new TorchCudaNoise.Launch(multiprocessors, threads));
    float[] drawn = new float[entry.get("n").asInt()];
    for (int draw = 1; draw < entry.get("draw").asInt(); draw++) {
      noise.fill(drawn);
    }
    assertThat(noise.offset()).isEqualTo(entry.get("offset_before").asLong());
    noise.fill(drawn);
    assertThat(noise.offset()).isEqualTo(entry.get("offset_after").asLong());
    assertClose(widened(drawn), expected(entry), Bound.GPU);
  }

  @Test
  void noFileIsLeftOut() throws IOException {
    TreeSet<String> run = new TreeSet<>();
    Stream.of(cpu(), words(), sequences(), philox())
        .flatMap(entries -> entries)
        .forEach(entry -> run.add(entry.getName()));
    TreeSet<String> there = new TreeSet<>();
    Path folder = Golden.path("rng");
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(name -> !name.equals("index.json"))
          .forEach(there::add);
    }
    assertThat(run).isEqualTo(there);
    List<String> sections = new ArrayList<>();
    Golden.json("rng/index.json").fieldNames().forEachRemaining(sections::add);
    assertThat(sections)
        .containsExactlyInAnyOrder("cpu", "cpu_words", "cpu_sequences", "philox", "torch_version");
  }

  private interface Drawer {
    double[] draw(JsonNode draw);
  }

  private static Drawer drawer(String path, JsonNode entry) {
    long seed = entry.get("seed").asLong();
    return switch (path) {
      case "avx2" -> new Torch(new TorchCpuNoise(seed));
      case "scalar" -> draw -> ScalarNormals.draw(seed, draw.get("n").asInt());
      default -> fail("path: must be avx2 or scalar, is " + path);
    };
  }

  private record Torch(TorchCpuNoise noise) implements Drawer {
    @Override
    public double[] draw(JsonNode draw) {
      float[] floats = new float[draw.get("n").asInt()];
      double[] doubles = new double[floats.length];
      String what = draw.get("op").asText() + " " + draw.get("dtype").asText();
      switch (what) {
        case "randn f32" -> noise.fill(floats);
        case "rand f32" -> noise.fillUniform(floats);
        case "randn f64" -> noise.fill(doubles);
        case "rand f64" -> noise.fillUniform(doubles);
        default -> fail("op and dtype: must be randn or rand, f32 or f64, are " + what);
      }
      return what.endsWith("f32") ? widened(floats) : doubles;
    }
  }

  private static Bound bound(JsonNode draw, String path) {
    if (draw.get("op").asText().equals("rand")) {
      return Bound.EXACT;
    }
    String key = draw.get("dtype").asText() + " " + path;
    return BOUNDS.containsKey(key) ? BOUNDS.get(key) : fail("no bound for " + key);
  }

  private static Stream<Named<JsonNode>> entries(String section) {
    List<Named<JsonNode>> entries = new ArrayList<>();
    for (JsonNode entry : Golden.json("rng/index.json").get(section)) {
      ObjectNode named = entry.deepCopy();
      entries.add(Named.of(named.get("file").asText(), named));
    }
    return entries.stream();
  }

  private static double[] expected(JsonNode entry) {
    return Golden.npy("rng/" + entry.get("file").asText()).doubles();
  }

  private static double[] widened(float[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }

  private static void assertClose(double[] actual, double[] expected, Bound bound) {
    assertThat(actual).hasSameSizeAs(expected);
    int worst = 0;
    double excess = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < actual.length; i++) {
      double over = bound.excess(actual[i], expected[i]);
      if (!(over <= excess)) {
        worst = i;
        excess = over;
      }
    }
    assertThat(excess)
        .as("element %d is %s, golden %s (%s)", worst, actual[worst], expected[worst], bound)
        .isLessThanOrEqualTo(0);
  }
}
