package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradient descent on the distance to the data with the last two noise estimates: an Euler step in
 * sigma along {@code gamma * epsilon(k) + (1 - gamma) * epsilon(k - 1)} (Permenter and Yuan, ICML
 * 2024, Interpreting and Improving Diffusion Models from an Optimization Perspective, Algorithm 1).
 * With {@code gamma} 1 it equals Euler's method. Not in diffusers. No draws.
 */
@AutoService(SamplerFamily.class)
public final class GradientEstimation implements SamplerFamily {
  private static final Option<Double> GAMMA = Option.number("gamma", 2.0, 1, 5);

  @Override
  public String className() {
    return "GradientEstimationScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("gradient_estimation"));
  }

  @Override
  public List<Option<?>> options() {
    List<Option<?>> options = new ArrayList<>(SigmaSlopes.options());
    options.add(GAMMA);
    return options;
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    double gamma = settings.get(GAMMA);
    return SigmaSlopes.bind(
        settings,
        (steps, i, known) -> {
          double length = steps.sigma(i + 1) - steps.sigma(i);
          return known == 1
              ? LinearStep.of(1, length)
              : LinearStep.of(1, gamma * length, (1 - gamma) * length);
        });
  }
}
