package io.darkroom.diffusion;

/** One diffusers scheduler class: its names, its options, and how it becomes a sampler. */
public interface SamplerFamily {

  /** The sampler for one render. */
  Sampler bind(SamplingSpec spec) throws InvalidSampling;
}
