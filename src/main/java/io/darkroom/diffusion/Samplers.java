package io.darkroom.diffusion;

import java.util.List;
import java.util.ServiceLoader;

/** The samplers there are, by diffusers class name and short alias. */
public final class Samplers {

  private Samplers() {}

  /**
   * The sampler that a spec describes.
   *
   * @throws InvalidSampling where the scheduler is not known, an option or argument is not known to
   *     it or out of range, or the steps cannot be visited; with every violation
   */
  public static Sampler bind(SamplingSpec spec) throws InvalidSampling {
    for (SamplerFamily family :
        ServiceLoader.load(SamplerFamily.class, SamplerFamily.class.getClassLoader())) {
      return family.bind(spec);
    }
    throw new InvalidSampling(
        List.of(new InvalidSampling.Problem("/scheduler/_class_name", "is not known")));
  }
}
