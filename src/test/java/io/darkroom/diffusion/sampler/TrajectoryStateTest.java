package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.noise.BatchSlice;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.noise.NoiseSource;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A trajectory that stops after any evaluation and continues elsewhere gives the same bits. */
class TrajectoryStateTest {
  /** More than 16 elements, from which PyTorch draws in blocks, and not a multiple of 16. */
  private static final int SIZE = 20;

  private static final int STEPS = 5;

  /** Offsets of the fields of a state as bytes. */
  private static final int VERSION_AT = 4;

  private static final int DONE_AT = 8;
  private static final int DRAWS_AT = 12;
  private static final int SIZE_AT = 16;
  private static final int MEMORIES_AT = 20;

  @TestFactory
  Stream<DynamicTest> everyFamilyGoesOnAfterEachEvaluationWithEachGenerator() {
    return Samplers.families().stream()
        .flatMap(
            family ->
                Arrays.stream(Generator.values())
                    .map(
                        generator ->
                            DynamicTest.dynamicTest(
                                family.className() + " " + generator,
                                () ->
                                    aTrajectoryContinuesAfterEachEvaluation(
                                        family.className(), generator))));
  }

  private static void aTrajectoryContinuesAfterEachEvaluation(String scheduler, Generator generator)
      throws DamagedState {
    Sampler sampler = TestSamplers.to(scheduler, Map.of(), STEPS);
    for (int images = 1; images <= 2; images++) {
      float[] whole = finished(begun(sampler, noise(generator, 7, images)));
      for (int stop = 0; stop <= sampler.evaluations(); stop++) {
        NoiseSource again = noise(generator, 7, images);
        float[] parts = stopped(sampler, stop, noise(generator, 7, images), again);
        assertThat(parts).as("stopped after %d", stop).containsExactly(whole);
      }
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void trajectoriesWithAnyOptionsContinueAfterAnyEvaluation(
      @ForAll("specs") SamplingSpec spec,
      @ForAll Generator generator,
      @ForAll @IntRange(min = 1, max = 3) int images,
      @ForAll @IntRange(min = 0, max = 1000) int stop,
      @ForAll long seed)
      throws DamagedState {
    Sampler sampler = TestSamplers.to(spec);
    float[] whole = finished(begun(sampler, noise(generator, seed, images)));
    int evaluations = stop % (sampler.evaluations() + 1);
    NoiseSource again = noise(generator, seed, images);
    assertThat(stopped(TestSamplers.to(spec), evaluations, noise(generator, seed, images), again))
        .containsExactly(whole);
  }

  @Provide
  Arbitrary<SamplingSpec> specs() {
    return SoundSpecs.all();
  }

  @Test
  void aTrajectoryFromAPictureContinues() throws DamagedState {
    Sampler sampler = TestSamplers.to("euler_a", Map.of(), STEPS);
    float[] clean = picture();
    Trajectory whole = Trajectory.from(sampler, noise(Generator.TORCH_CPU, 3, 1), clean);
    Trajectory part = Trajectory.from(sampler, noise(Generator.TORCH_CPU, 3, 1), clean);
    advance(part);
    Trajectory rest = Trajectory.resume(sampler, part.state(), noise(Generator.TORCH_CPU, 3, 1));
    assertThat(finished(rest)).containsExactly(finished(whole));
  }

  @Test
  void aStateDoesNotChangeWhileItsTrajectoryContinues() throws DamagedState {
    Sampler sampler = TestSamplers.to("dpmpp_2m", Map.of(), STEPS);
    Trajectory trajectory = begun(sampler, noise(Generator.PHILOX, 3, 1));
    advance(trajectory);
    TrajectoryState state = trajectory.state();
    byte[] before = state.encode();
    float[] whole = finished(trajectory);
    assertThat(state.encode()).isEqualTo(before);
    assertThat(finished(Trajectory.resume(sampler, state, noise(Generator.PHILOX, 3, 1))))
        .containsExactly(whole);
    assertThat(state.encode()).isEqualTo(before);
  }

  @Test
  void fieldsThatDoNotFitTheRenderAreNamed() {
    Sampler sampler = TestSamplers.to("euler_a", Map.of(), STEPS);
    Trajectory trajectory = begun(sampler, noise(Generator.PHILOX, 3, 1));
    advance(trajectory);
    byte[] bytes = trajectory.state().encode();

    refused(sampler, new byte[3], "must have 24 bytes or more, has 3");
    refused(sampler, with(bytes, 0, 5), "first four bytes must be 1145787475, is 5");
    refused(sampler, with(bytes, VERSION_AT, 2), "version must be 1, is 2");
    refused(sampler, with(bytes, DONE_AT, 6), "evaluations done must be 0 to 5, is 6");
    refused(sampler, with(bytes, DONE_AT, -1), "evaluations done must be 0 to 5, is -1");
    refused(sampler, with(bytes, DRAWS_AT, 1 << 30), "draws must be 2, is 1073741824");
    refused(sampler, with(bytes, SIZE_AT, 1 << 30), "sample must be 20, is 1073741824");
    refused(sampler, with(bytes, MEMORIES_AT, 7), "arrays of memory must be 0, is 7");
    refused(sampler, Arrays.copyOf(bytes, 103), "bytes must be 104, is 103");
    refused(sampler, Arrays.copyOf(bytes, 105), "bytes must be 104, is 105");
  }

  private static void refused(Sampler sampler, byte[] bytes, String message) {
    assertThatThrownBy(() -> TrajectoryState.decode(bytes, sampler, SIZE))
        .isInstanceOf(DamagedState.class)
        .hasMessageStartingWith("trajectory state: ")
        .hasMessageEndingWith(message);
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    ByteBuffer.wrap(changed).putInt(at, value);
    return changed;
  }

  @Test
  void randomHeadersThrowOnlyTheNamedExceptionAndAllocateLittle() {
    Sampler sampler = TestSamplers.to("unipc", Map.of(), STEPS);
    Trajectory trajectory = begun(sampler, noise(Generator.PHILOX, 3, 1));
    advance(trajectory);
    byte[] sound = trajectory.state().encode();
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = Arrays.copyOf(sound, random.nextInt(sound.length + 8));
      int at = bytes.length == 0 ? 0 : random.nextInt(Math.min(24, bytes.length));
      if (bytes.length > 0) {
        bytes[at] ^= (byte) (1 + random.nextInt(255));
      }
      assertThatThrownBy(() -> TrajectoryState.decode(bytes, sampler, SIZE))
          .isInstanceOf(DamagedState.class);
    }
  }

  @Test
  void aStateOfAnotherSamplerIsRefused() {
    Trajectory trajectory =
        begun(TestSamplers.to("unipc", Map.of(), STEPS), noise(Generator.PHILOX, 3, 1));
    advance(trajectory);
    TrajectoryState state = trajectory.state();
    Sampler other = TestSamplers.to("euler_a", Map.of(), STEPS);
    assertThatThrownBy(() -> Trajectory.resume(other, state, noise(Generator.PHILOX, 3, 1)))
        .isInstanceOf(DamagedState.class);
  }

  /**
   * Returns the result of a trajectory that stops after some evaluations and continues from its
   * bytes.
   */
  private static float[] stopped(Sampler sampler, int stop, NoiseSource noise, NoiseSource again)
      throws DamagedState {
    Trajectory part = begun(sampler, noise);
    for (int k = 0; k < stop; k++) {
      advance(part);
    }
    TrajectoryState state = TrajectoryState.decode(part.state().encode(), sampler, SIZE);
    Trajectory rest =
        sampler.readsKnown()
            ? Trajectory.resumeAround(sampler, state, again, picture(), mask())
            : Trajectory.resume(sampler, state, again);
    assertThat(rest.done()).isEqualTo(stop);
    return finished(rest);
  }

  private static float[] finished(Trajectory trajectory) {
    while (!trajectory.finished()) {
      advance(trajectory);
    }
    return trajectory.result();
  }

  private static NoiseSource noise(Generator generator, long seed, int images) {
    NoiseSource source = generator.source(seed);
    return images == 1 ? source : new BatchSlice(source, images, images - 1);
  }

  private static Trajectory begun(Sampler sampler, NoiseSource noise) {
    return sampler.readsKnown()
        ? Trajectory.around(sampler, noise, picture(), mask())
        : new Trajectory(sampler, noise, SIZE);
  }

  private static float[] picture() {
    float[] picture = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      picture[i] = i / (float) SIZE - 0.5f;
    }
    return picture;
  }

  private static float[] mask() {
    float[] mask = new float[SIZE / 2];
    Arrays.fill(mask, 0, SIZE / 4, 1);
    return mask;
  }

  /** Advances with an output that depends on the sample. */
  private static void advance(Trajectory trajectory) {
    float[] output = new float[2 * SIZE];
    for (int i = 0; i < SIZE; i++) {
      float x = trajectory.sample()[i];
      output[i] = 0.5f * x / (1 + Math.abs(x));
      output[SIZE + i] = 0.1f;
    }
    trajectory.advance(output);
  }
}
