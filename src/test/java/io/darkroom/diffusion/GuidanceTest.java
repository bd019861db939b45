package io.darkroom.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which evaluations are guided. */
class GuidanceTest {

  private static List<Integer> guided(Guidance guidance, int evaluations) {
    return IntStream.range(0, evaluations)
        .filter(k -> guidance.rows(k, evaluations) == 2)
        .boxed()
        .toList();
  }

  @Test
  void anIntervalIsCountedLikeInDiffusersGuiders() {
    Guidance.Interval interval = new Guidance.Interval(0.2, 0.8);
    assertThat(guided(new Guidance(3, 0, interval), 10)).containsExactly(2, 3, 4, 5, 6, 7);
    assertThat(guided(new Guidance(3, 0, interval), 3)).containsExactly(0, 1);
    assertThat(guided(new Guidance(3, 0, interval), 1)).isEmpty();
    assertThat(guided(new Guidance(1, 0, interval), 10)).isEmpty();
    assertThat(guided(new Guidance(3, 0), 3)).containsExactly(0, 1, 2);
  }

  /** Lin et al. 2024, equations 14 to 16, on numbers of which the deviations are exact. */
  @Test
  void aRescaledPredictionIsAMixtureWithTheOneOfTheConditionalDeviation() {
    float[] conditional = {1, 3}; // deviation sqrt(2)
    float[] guided = {0, 0}; // becomes 2 * conditional: 2 and 6, deviation 2 * sqrt(2)
    new Guidance(2, 0.25).apply(conditional, guided, 2);
    assertThat(guided).containsExactly(0.25f * 1 + 0.75f * 2, 0.25f * 3 + 0.75f * 6);
    float[] whole = {0, 0};
    new Guidance(2, 1).apply(conditional, whole, 2);
    assertThat(whole).containsExactly(1, 3);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "0.2,0.8", "0.5,0.51", "0,0.99", "0.3,1"})
  void theRowsOfAnImageAreTheRowsOfItsEvaluations(double from, double to) {
    for (double scale : new double[] {1, 2.5}) {
      Guidance guidance = new Guidance(scale, 0, new Guidance.Interval(from, to));
      for (int n = 1; n < 30; n++) {
        int evaluations = n;
        long sum = IntStream.range(0, n).mapToLong(k -> guidance.rows(k, evaluations)).sum();
        assertThat(guidance.rows(n)).isEqualTo(sum);
      }
    }
  }
}
