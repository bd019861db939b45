package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineObserver;
import io.darkroom.model.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that points of the starter {@code mixture-1d} have the distribution on which it was
 * trained.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MixturePointsTest {
  private static final int POINTS = 4096;

  /** Distance that points of the true distribution exceed for one seed of a thousand. */
  private static final double CHANCE = Math.sqrt(Math.log(2 / 0.001) / (2 * POINTS));

  /**
   * Distance between the distributions of the network and of its training: 0.0101 at most for
   * 16,384 points (part {@code points} of the benchmarks), rounded up.
   */
  private static final double NETWORK = 0.011;

  private DirectEngine engine;

  @BeforeAll
  void open() throws Exception {
    engine = new DirectEngine(8, EngineObserver.NONE, Mixture.PACKAGE);
  }

  @AfterAll
  void close() {
    engine.close();
  }

  /**
   * The bound is that of Dvoretzky, Kiefer and Wolfowitz for the points (Massart 1990: the distance
   * exceeds d with a probability of at most 2 exp(-2 n d^2)), and the measured error of the
   * network, rounded up.
   */
  @ParameterizedTest
  @CsvSource({"ddim, 100", "ddpm, 200", "dpmpp_2m, 30"})
  void pointsHaveTheDistributionOfTheTraining(String sampler, int steps) throws Exception {
    float[] points = points(sampler, steps);

    assertThat(points).hasSize(POINTS);
    assertThat(Mixture.ofPackage().distance(points)).isLessThan(CHANCE + NETWORK);
  }

  @Test
  void aMixtureThatDiffersByHalfADeviationIsFarther() throws Exception {
    List<Mixture.Part> shifted =
        Mixture.ofPackage().parts().stream()
            .map(
                part ->
                    new Mixture.Part(
                        part.weight(), part.mean() + part.deviation() / 2, part.deviation()))
            .toList();

    assertThat(new Mixture(shifted).distance(points("ddim", 100))).isGreaterThan(CHANCE + NETWORK);
  }

  @Test
  void aSampleIsOnePointByDefault() {
    Tensor sample = tensor("{'id':'m','kind':'generate','model':'mixture-1d','seed':1}");

    assertThat(sample.shape().sizes()).containsExactly(1);
  }

  private float[] points(String sampler, int steps) {
    return tensor(
            """
            {'id': 'm', 'kind': 'generate', 'model': 'mixture-1d', 'seed': 1, 'sizes': {'points': %d},
             'scheduler': {'_class_name': '%s'}, 'num_inference_steps': %d}
            """
                .formatted(POINTS, sampler, steps))
        .values();
  }

  private Tensor tensor(String request) {
    return engine.render(engine.request(request.replace('\'', '"'))).get(0).pixels();
  }
}
