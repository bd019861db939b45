package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.sampler.DpmSolver.Algorithm;
import io.darkroom.diffusion.schedule.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Multistep DPM-Solver++ for the SDE (Lu et al. 2022b, algorithm 2) for networks whose timestep is
 * the angle between signal and noise (Evans et al. 2024, Stable Audio Open). One evaluation a step.
 *
 * <p>One draw in each step, including the last. The reference uses increments of a Brownian tree
 * with its own seed (torchsde), so renders agree with it in distribution but not in pixels.
 */
@AutoService(SamplerFamily.class)
public final class CosineDpmSolver implements SamplerFamily {
  private static final Option<Integer> ORDER = Option.whole("solver_order", 2, 1, 2);

  @Override
  public String className() {
    return "CosineDPMSolverMultistepScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("cosine_dpmpp_sde"));
  }

  @Override
  public List<Option<?>> options() {
    List<Option<?>> all = new ArrayList<>(EdmSteps.ANGLE.options());
    all.addAll(
        List.of(ORDER, DpmSolver.TYPE, MultistepOrder.LOWER_ORDER_FINAL, DpmSolver.EULER_AT_FINAL));
    return List.copyOf(all);
  }

  @Override
  public List<String> unread() {
    return EdmSteps.UNREAD;
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    return EdmSteps.ANGLE.multistep(settings, Algorithm.SDE_DPMSOLVER_PP, new Problems());
  }
}
