package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On Gaussian data, whose marginals are all known, samplers converge with their nominal order. */
class ConvergenceTest {

  static List<ConvergenceCase> cases() {
    return ConvergenceCase.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void errorsFallWithTheOrderOverThreeDoublingsOfTheSteps(ConvergenceCase each) {
    assertThat(each.measured()).isGreaterThanOrEqualTo(each.order() - 0.25);
  }

  @Test
  void onlySamplersWithoutAnOrderAreLeftOut() {
    Set<String> covered =
        cases().stream()
            .map(each -> Samplers.family(each.sampler()).orElseThrow().className())
            .collect(Collectors.toSet());
    Set<String> leftOut =
        Samplers.families().stream()
            .map(SamplerFamily::className)
            .filter(name -> !covered.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    // The first two add new noise to their estimate in each step; the third uses norms of noise.
    assertThat(leftOut)
        .containsExactly("CMStochasticIterativeScheduler", "LCMScheduler", "ScoreSdeVeScheduler");
  }
}
