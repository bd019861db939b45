package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Prediction;

/** A sampler that changes a part of another sampler: all other methods call the other one. */
public interface ForwardingSampler extends Sampler {

  /** Returns the other sampler. */
  Sampler plain();

  @Override
  default int evaluations() {
    return plain().evaluations();
  }

  @Override
  default double timestep(int k) {
    return plain().timestep(k);
  }

  @Override
  default Level level(int k) {
    return plain().level(k);
  }

  @Override
  default Level lastLevel() {
    return plain().lastLevel();
  }

  @Override
  default Prediction prediction() {
    return plain().prediction();
  }

  @Override
  default double inputScale(int k) {
    return plain().inputScale(k);
  }

  @Override
  default double sampleFactor(int k) {
    return plain().sampleFactor(k);
  }

  @Override
  default double outputFactor(int k) {
    return plain().outputFactor(k);
  }

  @Override
  default double initialScale() {
    return plain().initialScale();
  }

  @Override
  default int memory() {
    return plain().memory();
  }

  @Override
  default int draws(int k) {
    return plain().draws(k);
  }

  @Override
  default boolean readsVariance() {
    return plain().readsVariance();
  }

  @Override
  default boolean readsKnown() {
    return plain().readsKnown();
  }

  @Override
  default boolean clampsEachStep() {
    return plain().clampsEachStep();
  }

  @Override
  default float[] result(Trajectory trajectory) {
    return plain().result(trajectory);
  }

  @Override
  default void accept(Trajectory trajectory, int k, float[] denoised) {
    plain().accept(trajectory, k, denoised);
  }
}
