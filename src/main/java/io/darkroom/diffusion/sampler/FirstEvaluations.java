package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Problems;

/**
 * A sampler that stops early. Its result is the sample with the remaining noise, with which another
 * sampler of the same schedule continues.
 *
 * @param plain the sampler of the complete schedule
 */
record FirstEvaluations(Sampler plain, int evaluations) implements ForwardingSampler {

  /**
   * Returns a sampler that runs the first {@code evaluations} of the evaluations.
   *
   * @throws InvalidSampling if there are none
   */
  static FirstEvaluations of(Sampler whole, int evaluations) throws InvalidSampling {
    Problems problems = new Problems();
    if (evaluations < 1) {
      problems.add("/denoising_end", "leaves none of " + whole.evaluations() + " evaluations");
    }
    problems.throwIfAny();
    return new FirstEvaluations(whole, evaluations);
  }

  /** Returns the level of the first evaluation that is not run. */
  @Override
  public Level lastLevel() {
    return plain.level(evaluations);
  }

  /** Returns the sample, because the other sampler's result exists after its last evaluation. */
  @Override
  public float[] result(Trajectory trajectory) {
    return trajectory.sample();
  }
}
