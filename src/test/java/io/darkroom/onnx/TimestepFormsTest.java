package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.Golden;
import io.darkroom.GoldenPackages;
import io.darkroom.diffusion.sampler.AnalyticModel;
import io.darkroom.engine.Denoiser;
import io.darkroom.image.MalformedNpy;
import io.darkroom.image.Npy;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that each row has its own timestep in every form of the timestep input. */
class TimestepFormsTest {
  private static final NetworkSettings THREE_ROWS = new NetworkSettings(1, 3, Tier.EXACT);

  static Stream<String> goldenModels() {
    return StreamSupport.stream(Golden.json("models/index.json").spliterator(), false)
        .map(model -> model.get("name").asText());
  }

  @ParameterizedTest
  @MethodSource("goldenModels")
  void rowsEqualTheClosedForm(String name) throws BrokenPackage {
    float[] x = Golden.npy("inputs/init_image.npy").floats();
    AnalyticModel closedForm = AnalyticModel.named(name);
    try (OrtNetworks networks = Packages.load(Golden.path("models/" + name), THREE_ROWS)) {
      double[] timesteps = timesteps(name, networks);
      float[][] rows = run(networks, new Shape(3, 16, 16), x, Conditioning.NONE, timesteps);
      for (int row = 0; row < rows.length; row++) {
        assertClose(rows[row], closedForm.apply(x, timesteps[row]), 2e-5);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sd-mini", "sd-mini-steps"})
  void rowsOfOneCallCanHaveDifferentTimesteps(String name)
      throws BrokenPackage, IOException, MalformedNpy {
    long[] timesteps = npy("timesteps").longs();
    float[] samples = npy("sample").floats();
    float[] states = npy("encoder_hidden_states").floats();
    float[] expected = npy("out_sample").floats();
    NetworkSettings settings = new NetworkSettings(1, 4, Tier.REPEATABLE);
    Path folder = GoldenPackages.folder(name);
    try (OrtNetworks networks = Packages.load(folder, settings)) {
      Denoiser.Call call = networks.denoiser().call(new Shape(4, 32, 32));
      for (int row = 0; row < 4; row++) {
        call.sample(row).put(samples, row * 4096, 4096);
        call.timestep(row, (double) timesteps[row]);
        float[] own = Arrays.copyOfRange(states, row * 77 * 32, (row + 1) * 77 * 32);
        call.condition(
            row, new Conditioning(Map.of(), Map.of("encoder_hidden_states", own), new float[0]));
      }
      call.run(4);
      for (int row = 0; row < 4; row++) {
        float[] out = new float[4096];
        call.output(row, out);
        assertClose(out, Arrays.copyOfRange(expected, row * 4096, (row + 1) * 4096), 1e-4);
      }
    }
  }

  @Test
  void aScalarThatCannotBecomeAVectorIsRunInGroups(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.scaledByScalarTimestep());
    try (OrtNetworks networks = Packages.load(folder, THREE_ROWS)) {
      float[] x = Golden.npy("inputs/init_image.npy").floats();
      Shape shape = new Shape(3, 8, 8);
      float[][] rows = run(networks, shape, x, Conditioning.NONE, 2.5, 7, 2.5);
      assertThat(rows[0][5]).isEqualTo(x[5] * 2.5f);
      assertThat(rows[1][5]).isEqualTo(x[5] * 7);
      assertThat(rows[2]).containsExactly(rows[0]);
    }
  }

  private static double[] timesteps(String name, OrtNetworks networks) {
    if (!networks.card().network().fractionalTimesteps()) {
      return new double[] {3, 998, 421};
    }
    return switch (name.substring(0, name.indexOf('-') < 0 ? name.length() : name.indexOf('-'))) {
      case "vp", "flow" -> new double[] {3.25, 998.5, 421};
      case "edm", "edm1" -> new double[] {-1.25, 1, 0.3};
      case "angle" -> new double[] {0.1, 0.99, 0.5};
      default -> new double[] {0.02, 50, 3};
    };
  }

  private static float[][] run(
      OrtNetworks networks,
      Shape shape,
      float[] x,
      Conditioning conditioning,
      double... timesteps) {
    Denoiser.Call call = networks.denoiser().call(shape);
    for (int row = 0; row < timesteps.length; row++) {
      call.sample(row).put(x, 0, shape.size());
      call.timestep(row, timesteps[row]);
      call.condition(row, conditioning);
    }
    call.run(timesteps.length);
    float[][] rows = new float[timesteps.length][call.outputSize()];
    for (int row = 0; row < timesteps.length; row++) {
      call.output(row, rows[row]);
    }
    return rows;
  }

  private static Npy npy(String name) throws IOException, MalformedNpy {
    Path file = Packages.PIPELINES.resolve("unet-rows/" + name + ".npy");
    return Npy.read(Files.readAllBytes(file), 1 << 20);
  }

  private static void assertClose(float[] actual, float[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      double allowed = tolerance * Math.max(1, Math.abs(expected[i]));
      assertThat((double) actual[i]).as("element %d", i).isCloseTo(expected[i], within(allowed));
    }
  }
}
