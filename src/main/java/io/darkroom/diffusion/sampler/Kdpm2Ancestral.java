package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.Settings;
import java.util.List;

/**
 * The midpoint rule in log sigma ({@link Kdpm2}) with one draw after the second evaluation of each
 * step.
 */
@AutoService(SamplerFamily.class)
public final class Kdpm2Ancestral implements SamplerFamily {

  @Override
  public String className() {
    return "KDPM2AncestralDiscreteScheduler";
  }

  @Override
  public String title(Settings settings) {
    return "DPM2 a";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("dpm2_a"));
  }

  @Override
  public List<Option<?>> options() {
    return Kdpm2.options();
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    return Kdpm2.bind(settings, true);
  }
}
