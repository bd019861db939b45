package io.darkroom.diffusion;

import java.util.List;

/**
 * The noise levels to visit at inference where they are not those of the training, as {@code
 * noise_schedule} of a request gives them (Kong et al. 2021, DiffWave, section 3: fast sampling).
 *
 * <p>The sampler then works on this curve as if the network had been trained along it: {@code
 * num_train_timesteps} is the curve's length, spacings place their steps on it, and the variances
 * are its own. The network is evaluated at the training timestep of equal log-SNR: between training
 * timesteps on straight lines in log sigma where its timestep input is a float, the nearest where
 * it is an integer. The curve of the training itself thus changes nothing, to the bit. A level
 * beyond those of the training is shown to the network as the nearest that it knows, and its answer
 * is read as one about that.
 */
public sealed interface NoiseSchedule {

  /**
   * A schedule by its name.
   *
   * @param betaSchedule diffusers' name of it, e.g. {@code scaled_linear}
   * @param betaStart first beta, above 0 and below 1
   * @param betaEnd last beta, above 0 and below 1
   * @param steps length of the curve
   */
  record Named(String betaSchedule, double betaStart, double betaEnd, int steps)
      implements NoiseSchedule {}

  /**
   * The betas themselves, the first the least noisy.
   *
   * @param betas each above 0 and below 1
   */
  record Betas(List<Double> betas) implements NoiseSchedule {
    public Betas {
      betas = List.copyOf(betas);
    }
  }
}
