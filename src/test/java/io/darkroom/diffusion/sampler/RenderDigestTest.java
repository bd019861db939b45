package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.noise.TorchCpuNoise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Renders give the same bits on every Java version and machine: compares the digest of one long
 * render per alias of a sampler with a file. The network uses only arithmetic that is exact
 * everywhere.
 */
class RenderDigestTest {
  private static final Path KEPT = Path.of("src/test/resources/render-digests.txt");
  private static final int SIZE = 4 * 16 * 16;
  private static final int STEPS = 45;

  @Test
  void rendersHaveTheSameBitsOnEveryJavaAndMachine() throws IOException {
    Map<String, String> kept = new TreeMap<>();
    for (String line : Files.readAllLines(KEPT)) {
      String[] words = line.split(" ", 2);
      kept.put(words[1], words[0]);
    }
    Map<String, String> now = new TreeMap<>();
    for (SamplerFamily family : Samplers.families()) {
      for (Alias alias : family.aliases()) {
        now.put(alias.name(), digest(alias.name(), family));
      }
    }
    String lines =
        now.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey() + "\n")
            .reduce("", String::concat);
    assertThat(now).as("to be kept as %s:%n%s", KEPT, lines).isEqualTo(kept);
  }

  private static String digest(String name, SamplerFamily family) {
    Map<String, Object> options = new HashMap<>();
    for (Option<?> option : family.options()) {
      if (List.of("use_karras_sigmas", "thresholding").contains(option.key())) {
        options.put(option.key(), true);
      }
      if (option.key().equals("num_train_timesteps") && (int) option.standard() < STEPS) {
        options.put(option.key(), 2 * STEPS);
      }
    }
    Sampler sampler = TestSamplers.to(name, options, STEPS);
    NoiseSource noise = new TorchCpuNoise(42);
    Trajectory trajectory =
        sampler.readsKnown()
            ? Trajectory.around(sampler, noise, new float[SIZE], new float[1])
            : new Trajectory(sampler, noise, SIZE);
    ByteBuffer input = ByteBuffer.allocate(SIZE * Float.BYTES);
    while (!trajectory.finished()) {
      trajectory.writeInput(input.asFloatBuffer());
      float[] output = new float[2 * SIZE];
      float time = (float) trajectory.timestep() / 1000;
      for (int i = 0; i < SIZE; i++) {
        float x = input.getFloat(i * Float.BYTES);
        output[i] = (0.75f * x - time) / (1 + Math.abs(x));
      }
      trajectory.advance(output);
    }
    for (int i = 0; i < SIZE; i++) {
      input.putFloat(i * Float.BYTES, trajectory.result()[i]);
    }
    return HexFormat.of().formatHex(sha256().digest(input.array()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
