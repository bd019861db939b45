package io.darkroom.diffusion.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PhiloxNoiseTest {

  @Property(tries = 200)
  void anyPartOfADrawCanBeComputedAlone(
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = 3) long draw,
      @ForAll @IntRange(max = 2100) int from,
      @ForAll @IntRange(max = 2100) int length) {
    float[] whole = new float[from + length];
    NoiseSource source = new PhiloxNoise(seed);
    for (int i = 0; i <= draw; i++) {
      source.fill(whole);
    }
    float[] part = new float[length];
    new PhiloxNoise(seed).fill(draw, from, part);
    assertThat(part).isEqualTo(Arrays.copyOfRange(whole, from, from + length));
  }

  @Test
  void elementsBeyond32BitsHaveDifferentNumbers() {
    float[] near = new float[4];
    float[] far = new float[4];
    PhiloxNoise noise = new PhiloxNoise(1);
    noise.fill(0, 0, near);
    noise.fill(0, 4L << 32, far);
    assertThat(far).doesNotContain(near);
  }

  @Test
  void numbersFollowTheDefinition() {
    float[] four = new float[4];
    new PhiloxNoise(0).fill(0, 0, four);
    // The words of counter 0 under key 0.
    assertThat((double) four[0]).isCloseTo(normal(0x6627e8d5L, 0xe169c58dL, 0), within(2e-6));
    assertThat((double) four[1]).isCloseTo(normal(0x6627e8d5L, 0xe169c58dL, 1), within(2e-6));
    assertThat((double) four[2]).isCloseTo(normal(0xbc57ac4cL, 0x9b00dbd8L, 0), within(2e-6));
    assertThat((double) four[3]).isCloseTo(normal(0xbc57ac4cL, 0x9b00dbd8L, 1), within(2e-6));
  }

  /** These bits must never change, because stored requests are rendered again with them. */
  @Test
  void bitsEqualThoseOfTheFirstRelease() {
    float[] many = new float[100_003];
    PhiloxNoise noise = new PhiloxNoise(0x0123456789abcdefL);
    noise.fill(many);
    noise.fill(many);
    assertThat(Arrays.hashCode(many)).isEqualTo(-686168377);
  }

  @Test
  void meanAndVarianceAreThoseOfTheNormalDistribution() {
    float[] many = new float[1 << 20];
    new PhiloxNoise(99).fill(many);
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    for (float each : many) {
      double square = (double) each * each;
      sum += each;
      squares += square;
      fourths += square * square;
    }
    // Five standard errors.
    assertThat(sum / many.length).isCloseTo(0, within(5 / 1024.0));
    assertThat(squares / many.length).isCloseTo(1, within(5 * Math.sqrt(2) / 1024));
    assertThat(fourths / many.length).isCloseTo(3, within(5 * Math.sqrt(96) / 1024));
  }

  private static double normal(long word, long other, int number) {
    double radius = Math.sqrt(-2 * Math.log((word + 0.5) * 0x1p-32));
    double angle = 2 * Math.PI * (other + 0.5) * 0x1p-32;
    return radius * (number == 0 ? Math.sin(angle) : Math.cos(angle));
  }
}
