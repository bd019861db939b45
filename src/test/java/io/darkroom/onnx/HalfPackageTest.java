package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.platform.Fp16Conversions;
import io.darkroom.engine.Denoiser;
import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a text-to-image package of float16 fulfils the contract and differs from float32 only
 * by rounding.
 */
class HalfPackageTest extends OrtDenoiserContract {
  private static final Path WHOLE = Packages.PIPELINES.resolve("packages/sd-mini");
  private static final Path HALF = HalfPrecisionPackages.copy(WHOLE);
  private static final NetworkSettings FEW_ROWS = new NetworkSettings(1, 2, Tier.EXACT);
  private static final int WIDTH = 32;
  private static final float STEP = 0x1p-11f;

  HalfPackageTest() {
    super(HALF);
  }

  @Override
  protected Shape otherShape() {
    return shape();
  }

  @Override
  protected Conditioning conditioning(int i, Shape shape) {
    float[] states = TestInputs.numbers(new SplittableRandom(100 + i), 77 * WIDTH);
    return new Conditioning(Map.of(), Map.of("encoder_hidden_states", states), new float[0]);
  }

  @Test
  void aNetworkOfHalvesGivesTheRoundedAnswerToRoundedInputs() throws BrokenPackage {
    try (OrtNetworks half = Packages.load(HALF, FEW_ROWS);
        OrtNetworks whole = Packages.load(WHOLE, FEW_ROWS)) {
      assertThat(half.device().precision()).isEqualTo("float16");
      assertThat(whole.device().precision()).isEqualTo("float32");
      float[] sample = rounded(TestInputs.numbers(new SplittableRandom(1), shape().size()));
      float[] states = rounded(TestInputs.numbers(new SplittableRandom(2), 77 * WIDTH));
      float[] expected = rounded(run(whole.denoiser(), sample, states));
      assertThat(run(half.denoiser(), sample, states)).containsExactly(expected);
    }
  }

  @Test
  void valuesBetweenTwoHalvesAreRounded() throws BrokenPackage {
    try (OrtNetworks half = Packages.load(HALF, FEW_ROWS)) {
      float[] sample = TestInputs.numbers(new SplittableRandom(1), shape().size());
      float[] states = TestInputs.numbers(new SplittableRandom(2), 77 * WIDTH);
      assertThat(run(half.denoiser(), sample, states))
          .containsExactly(run(half.denoiser(), rounded(sample), rounded(states)));
    }
  }

  private static float[] states(OrtNetworks networks, Tokenizer.Tokens text) {
    TextEncoder encoder = networks.textEncoders().get("text_encoder");
    return encoder.encode(List.of(text)).get(0).output("last_hidden_state");
  }

  @Test
  void textsAndPicturesAreConvertedToHalves() throws BrokenPackage {
    try (OrtNetworks half = Packages.load(HALF, FEW_ROWS);
        OrtNetworks whole = Packages.load(WHOLE, FEW_ROWS)) {
      Tokenizer.Tokens text = half.tokenizers().get("text_encoder").encode("a fox", 77);
      assertThat(states(half, text)).containsExactly(rounded(states(whole, text)));
      Tensor latents =
          new Tensor(TestInputs.numbers(new SplittableRandom(3), shape().size()), shape());
      float[] expected = whole.latentCodec().orElseThrow().decode(latents).values();
      float[] actual = half.latentCodec().orElseThrow().decode(latents).values();
      for (int i = 0; i < expected.length; i++) {
        assertThat(Math.abs(actual[i] - expected[i]))
            .as("pixel %d", i)
            .isLessThan(20 * STEP * Math.max(1, Math.abs(expected[i])));
      }
    }
  }

  @Test
  void latentsThatOverflowGoThroughTheDecoderOfFloat32(@TempDir Path temporary) throws Exception {
    Path both = temporary.resolve("both");
    copy(HALF, both);
    copy(WHOLE.resolve("vae_decoder"), both.resolve("vae_decoder_fp32"));
    float[] numbers = TestInputs.numbers(new SplittableRandom(3), shape().size());
    Tensor small = new Tensor(numbers, shape());
    float[] times = new float[numbers.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = 1e6f * numbers[i];
    }
    Tensor large = new Tensor(times, shape());
    try (OrtNetworks half = Packages.load(HALF, FEW_ROWS);
        OrtNetworks whole = Packages.load(WHOLE, FEW_ROWS);
        OrtNetworks fallback = Packages.load(both, FEW_ROWS)) {
      assertThat(decoded(half, large)).contains(Float.NaN);
      assertThat(decoded(fallback, large)).containsExactly(decoded(whole, large));
      assertThat(decoded(fallback, small))
          .containsExactly(decoded(half, small))
          .isNotEqualTo(decoded(whole, small));
    }
    assertThat(PackageReader.read(both).bytes()).containsKey("vae_decoder_fp32");
  }

  private static float[] decoded(OrtNetworks networks, Tensor latents) {
    return networks.latentCodec().orElseThrow().decode(latents).values();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  private float[] run(Denoiser denoiser, float[] sample, float[] states) {
    Denoiser.Call call = denoiser.call(shape());
    call.sample(0).put(FloatBuffer.wrap(sample));
    call.timestep(0, 500);
    call.condition(
        0, new Conditioning(Map.of(), Map.of("encoder_hidden_states", states), new float[0]));
    call.run(1);
    float[] output = new float[call.outputSize()];
    call.output(0, output);
    return output;
  }

  private static float[] rounded(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = Fp16Conversions.fp16ToFloat(Fp16Conversions.floatToFp16(values[i]));
    }
    return rounded;
  }
}
