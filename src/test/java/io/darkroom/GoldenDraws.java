package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.plan.Stage;
import io.darkroom.text.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Compares the timesteps and the random numbers of a plan with a golden.
 *
 * @param stage the planned stage with all images of the batch
 */
record GoldenDraws(PipelineGolden golden, Stage stage) {
  /**
   * Bound of the difference: the references have the levels as float32, whose rounding near 1 moves
   * a timestep between two of the training by about 2e-5.
   */
  private static final double FLOAT = 5e-5;

  void checkTimesteps() {
    JsonNode expected = golden.given().path("expected").path("timesteps_of_steps");
    Sampler sampler = stage.sampler();
    assertThat(sampler.evaluations()).isEqualTo(expected.size());
    for (int k = 0; k < expected.size(); k++) {
      assertThat(sampler.timestep(k))
          .as("timestep of step %d", k)
          .isCloseTo(expected.get(k).asDouble(), within(FLOAT));
    }
  }

  /** Compares the digest of all draws: those of the sampler, and those that it does not need. */
  void checkNoise() {
    JsonNode draws = golden.given().path("expected").path("draws");
    int count = draws.isArray() ? draws.size() : draws.path("count").asInt();
    boolean shared = stage.images().get(0).noise().slices() > 1;
    int images = shared ? 1 : stage.images().size();
    int each = stage.sample().size() * (shared ? stage.images().size() : 1);
    assertThat(count % images).as("draws of each image").isZero();
    checkCount(count / images);
    List<NoiseSource> sources = new ArrayList<>();
    for (Stage.Image image : stage.images().subList(0, images)) {
      sources.add(image.noise().generator().source(image.noise().seed()));
    }
    MessageDigest digest = Sha256.digest();
    for (int draw = 0; draw < count; draw++) {
      float[] numbers = new float[each];
      sources.get(draw % images).fill(numbers);
      digest.update(bytes(numbers));
    }
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo(golden.given().path("expected").path("draws_sha256").asText());
  }

  /**
   * The sampler draws as often as the reference. That of denoising-diffusion-pytorch also draws
   * numbers that it multiplies by 0, which change no sample.
   */
  private void checkCount(int count) {
    int own = 1;
    for (int k = 0; k < stage.sampler().evaluations(); k++) {
      own += stage.sampler().draws(k);
    }
    boolean unused = golden.given().path("objective").isTextual();
    assertThat(own).isBetween(unused ? 1 : count, unused ? count + 1 : count);
  }

  private static byte[] bytes(float[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return bytes.array();
  }
}
