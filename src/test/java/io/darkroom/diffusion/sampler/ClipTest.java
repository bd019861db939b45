package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ClipTest {

  @Property
  void quantilesEqualThoseOfTheSortedMagnitudes(
      @ForAll @Size(min = 1, max = 200) float[] values,
      @ForAll @DoubleRange(min = 0, max = 1) double ratio) {
    float[] sorted = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      sorted[i] = Math.abs(values[i]);
    }
    Arrays.sort(sorted);
    float rank = (float) ratio * (values.length - 1);
    int below = (int) rank;
    float low = sorted[below];
    float high = sorted[Math.min(below + 1, sorted.length - 1)];
    float wanted = rank == below ? low : low + (rank - below) * (high - low);
    assertThat(Quantile.ofMagnitudes(values, ratio, new float[values.length])).isEqualTo(wanted);
  }

  @Property
  void quantilesOfEqualValuesAreThatValue(@ForAll @DoubleRange(min = 0, max = 1) double ratio) {
    float[] values = {-2, 2, 2, -2, 2};
    assertThat(Quantile.ofMagnitudes(values, ratio, new float[5])).isEqualTo(2);
  }

  /** Values that rise and fall alternately. */
  @Test
  void quantilesOfAlternatingValuesEqualThoseOfTheSortedMagnitudes() {
    int size = 1 << 18;
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = i % 2 == 0 ? i : size - i;
    }
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    for (double ratio : new double[] {0, 0.25, 0.5, 0.995, 1}) {
      int place = (int) ((float) ratio * (size - 1));
      assertThat(Quantile.ofMagnitudes(values, ratio, new float[size]))
          .isBetween(sorted[place], sorted[Math.min(place + 1, size - 1)]);
    }
  }

  @Property
  void elementsPastTheSizeAreNotChanged(@ForAll @Size(min = 2, max = 20) float[] values) {
    float[] clipped = values.clone();
    new Clip.Range(1).apply(clipped, new float[values.length - 1]);
    new Clip.Dynamic(0.9, 2).apply(clipped, new float[values.length - 1]);
    assertThat(clipped[values.length - 1]).isEqualTo(values[values.length - 1]);
    for (int i = 0; i < values.length - 1; i++) {
      assertThat(clipped[i]).isBetween(-1f, 1f);
    }
  }

  @Property
  void smallEstimatesAreNotChanged(
      @ForAll @Size(5) List<@FloatRange(min = -1, max = 1) Float> values) {
    float[] estimates = new float[5];
    for (int i = 0; i < 5; i++) {
      estimates[i] = values.get(i);
    }
    float[] clipped = estimates.clone();
    new Clip.Dynamic(0.995, 3).apply(clipped, new float[5]);
    assertThat(clipped).isEqualTo(estimates);
  }

  @Property
  void largeEstimatesAreDividedByTheirQuantile(
      @ForAll @DoubleRange(min = 1.5, max = 2.5) double large) {
    float[] values = {(float) large, 0.5f, -0.25f};
    new Clip.Dynamic(1, 3).apply(values, new float[3]);
    assertThat(values[0]).isEqualTo(1);
    assertThat((double) values[1]).isCloseTo(0.5 / large, within(1e-6));
  }
}
