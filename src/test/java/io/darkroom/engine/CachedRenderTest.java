package io.darkroom.engine;

import static io.darkroom.engine.FormulaJobs.cached;
import static io.darkroom.engine.FormulaJobs.job;
import static io.darkroom.engine.FormulaJobs.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.plan.HeapBytes;
import io.darkroom.plan.Stage;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which evaluations of a cached render are full, and which features the others read. */
class CachedRenderTest {
  private static final int LABEL = 1;

  private final FormulaNetworks networks = new FormulaNetworks("formula", 1);

  private RenderEngine engine(int slots) {
    RenderEngine engine =
        new RenderEngine(
            () -> 0, new EngineLimits(slots, Duration.ofHours(1)), EngineObserver.NONE, draw -> {});
    assertThat(engine.load(() -> networks)).isNotNull();
    engine.runIteration();
    return engine;
  }

  /** Renders by hand, with the features of the last full evaluation. */
  private static float[] byHand(Stage stage, int seed) {
    int size = stage.sample().size();
    Trajectory trajectory = new Trajectory(stage.sampler(), Generator.TORCH_CPU.source(seed), size);
    FeatureCache cache = stage.cache().orElseThrow();
    float[][] features = new float[2][size];
    boolean guidedBefore = false;
    for (int k = 0; !trajectory.finished(); k++) {
      boolean guided = stage.guidance().rows(k, trajectory.wanted()) > 1;
      boolean full = k % cache.interval() == 0 || (guided && !guidedBefore);
      guidedBefore = guided;
      float[] x = new float[size];
      trajectory.writeInput(FloatBuffer.wrap(x));
      float[] conditional = new float[size];
      float[] unconditional = new float[size];
      for (int i = 0; i < size; i++) {
        if (full) {
          features[0][i] = FormulaNetworks.deep(trajectory.timestep(), LABEL, i);
          features[1][i] =
              guided
                  ? FormulaNetworks.deep(trajectory.timestep(), FormulaNetworks.NULL_LABEL, i)
                  : Float.NaN;
        }
        conditional[i] = FormulaNetworks.shallow(x[i], features[0][i]);
        unconditional[i] = FormulaNetworks.shallow(x[i], features[1][i]);
      }
      if (guided) {
        stage.guidance().apply(conditional, unconditional, size);
      }
      trajectory.advance(guided ? unconditional : conditional);
    }
    return trajectory.result();
  }

  @ParameterizedTest
  @CsvSource({
    "ddim,10,2,0,1",
    "ddim,10,3,0,1",
    "heun,5,2,0,1",
    "dpmpp_2m_sde,12,5,0.3,0.8",
    "ddim,8,10,0.5,1"
  })
  void fullEvaluationsAreThoseOfTheIntervalAndTheFirstGuided(
      String sampler, int steps, int interval, double from, double to) {
    Guidance guidance = new Guidance(2, 0, new Guidance.Interval(from, to));
    Stage stage =
        cached(stage(sampler, steps, 2, LABEL, 4, 5), guidance, new FeatureCache(interval, 1));
    RenderEngine engine = engine(4);
    Ticket ticket = engine.submit(job(stage));
    Ticket other = engine.submit(job(stage("euler_a", 3, 1, 2, 9)));
    while (!ticket.outcome().isDone() || !other.outcome().isDone()) {
      assertThat(engine.runIteration()).isPositive();
    }
    List<float[]> pictures = new ArrayList<>();
    ((StageOutcome.Done) ticket.outcome().join())
        .pictures()
        .forEach(picture -> pictures.add(picture.sample().values()));
    assertThat(pictures.get(0)).containsExactly(byHand(stage, 4));
    assertThat(pictures.get(1)).containsExactly(byHand(stage, 5));
    int evaluations = stage.sampler().evaluations();
    int full = stage.cache().orElseThrow().full(guidance, evaluations);
    assertThat(networks.calls(Pass.Kind.FULL)).isEqualTo(full);
    assertThat(networks.calls(Pass.Kind.SHALLOW)).isEqualTo(evaluations - full);
    assertThat(networks.calls(Pass.Kind.WHOLE)).isEqualTo(3);
    assertThat(HeapBytes.underWay(stage))
        .as("two features and the outputs of a second call")
        .isEqualTo(
            HeapBytes.underWay(stage(sampler, steps, 2, LABEL, 4, 5))
                + 4L * Float.BYTES * stage.sample().size());
  }
}
