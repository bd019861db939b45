package io.darkroom.diffusion;

import java.util.List;
import java.util.Locale;

/**
 * Noise levels for inference that replace those of the training, from the field {@code
 * noise_schedule} of a request (Kong et al. 2021, DiffWave, section 3: fast sampling).
 *
 * <p>The sampler treats this curve as the curve of the training: {@code num_train_timesteps} is its
 * length, spacings place steps on it, and variances come from it. The network is evaluated at the
 * training timestep with the same log-SNR: interpolated linearly in log sigma if the timestep input
 * is a float, or the nearest timestep if it is an integer. {@link Aligned} can select linear
 * interpolation in the amplitude of the signal instead. A schedule equal to the training's own
 * therefore gives identical bits. A level outside the training's range is passed to the network as
 * the nearest level of the training, and the output is interpreted at that level.
 */
public sealed interface NoiseSchedule {

  /** The quantity that is interpolated linearly between two training timesteps. */
  enum Alignment {
    /** The logarithm of the signal-to-noise ratio. */
    LOG_SNR,
    /** The signal's factor, the root of alpha_cumprod, as in DiffWave's inference. */
    AMPLITUDE;

    /** Returns the name in requests. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the levels, by name or by their betas. */
  default NoiseSchedule levels() {
    return this;
  }

  /** Returns the number of levels, the length of the curve. */
  int steps();

  /** Returns how levels become timesteps. */
  default Alignment alignment() {
    return Alignment.LOG_SNR;
  }

  /** Returns whether the sample is bounded to [-1, 1] after each evaluation, noise included. */
  default boolean clampEachStep() {
    return false;
  }

  /**
   * Levels with what else the inference of DiffWave does.
   *
   * @param levels by name or by their betas
   * @param alignment how levels become timesteps
   * @param clampEachStep whether the sample is bounded after each evaluation
   */
  record Aligned(NoiseSchedule levels, Alignment alignment, boolean clampEachStep)
      implements NoiseSchedule {
    @Override
    public int steps() {
      return levels.steps();
    }
  }

  /**
   * A schedule given by name.
   *
   * @param betaSchedule its name in diffusers, e.g. {@code scaled_linear}
   * @param betaStart first beta, above 0 and below 1
   * @param betaEnd last beta, above 0 and below 1
   * @param steps length of the curve
   */
  record Named(String betaSchedule, double betaStart, double betaEnd, int steps)
      implements NoiseSchedule {}

  /**
   * A schedule given by its betas, the least noisy first.
   *
   * @param betas each above 0 and below 1
   */
  record Betas(List<Double> betas) implements NoiseSchedule {
    public Betas {
      betas = List.copyOf(betas);
    }

    @Override
    public int steps() {
      return betas.size();
    }
  }
}
