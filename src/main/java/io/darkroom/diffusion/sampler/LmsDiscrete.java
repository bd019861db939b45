package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaSchedule;
import java.util.List;

/**
 * Linear multistep (Adams-Bashforth with non-uniform steps) on the probability flow in sigma: the
 * slopes of the last steps are interpolated by a polynomial, which is integrated exactly. No draws.
 */
@AutoService(SamplerFamily.class)
public final class LmsDiscrete implements SamplerFamily {
  private static final Option<Integer> ORDER = Option.whole("order", 4, 1, 4);

  @Override
  public String className() {
    return "LMSDiscreteScheduler";
  }

  @Override
  public String title(Settings settings) {
    return "LMS";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("lms"));
  }

  @Override
  public List<Option<?>> options() {
    return SigmaSlopes.options();
  }

  @Override
  public List<Option<?>> arguments() {
    return List.of(ORDER);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    int order = settings.get(ORDER);
    return SigmaSlopes.bind(settings, (steps, i, known) -> step(steps, i, Math.min(known, order)));
  }

  private static LinearStep step(SigmaSchedule steps, int i, int order) {
    double[] nodes = new double[order];
    for (int j = 0; j < order; j++) {
      nodes[j] = steps.sigma(i - j);
    }
    double[] factors = new double[order];
    for (int j = 0; j < order; j++) {
      factors[j] = Lagrange.integral(nodes, j, steps.sigma(i), steps.sigma(i + 1));
    }
    return LinearStep.of(1, factors);
  }
}
