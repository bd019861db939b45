package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.InvalidSampling;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every sampler reproduces diffusers' schedulers: the trajectories of the golden numbers, within
 * the tolerance of each.
 */
class GoldenSamplerTest {

  static Stream<GoldenCase> cases() {
    return GoldenCase.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void trajectoriesEqualTheReference(GoldenCase golden) throws InvalidSampling {
    GoldenRun.of(golden).check();
  }

  @Test
  void noCaseIsLeftOut() {
    assertThat(GoldenCase.notListed()).isEmpty();
  }
}
