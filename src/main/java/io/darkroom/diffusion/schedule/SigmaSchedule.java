package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Problems;
import java.util.Arrays;

/**
 * The decreasing noise-to-signal ratios of a render and the timestep of each. There is one more
 * ratio than timesteps: the end of the last step, usually 0. Immutable.
 */
public final class SigmaSchedule {
  private final double[] timesteps;
  private final double[] sigmas;

  SigmaSchedule(double[] timesteps, double[] sigmas) {
    if (sigmas.length <= timesteps.length) {
      throw new IllegalArgumentException("one sigma more than timesteps is needed");
    }
    this.timesteps = timesteps.clone();
    this.sigmas = sigmas.clone();
  }

  /** Creates a schedule from these sigmas and one more at the end. */
  public static SigmaSchedule ending(double[] timesteps, double[] sigmas, double last) {
    double[] all = Arrays.copyOf(sigmas, sigmas.length + 1);
    all[sigmas.length] = last;
    return new SigmaSchedule(timesteps, all);
  }

  public int steps() {
    return timesteps.length;
  }

  public double timestep(int i) {
    return timesteps[i];
  }

  public double sigma(int i) {
    return sigmas[i];
  }

  /** Returns the number of sigmas, at least one more than the steps. */
  public int length() {
    return sigmas.length;
  }

  /** Returns the largest sigma. */
  double most() {
    return sigmas[0];
  }

  /**
   * Adds a problem if the sigmas do not decrease or are not finite. The last step may keep its
   * sigma.
   */
  public void check(String pointer, Problems problems) {
    if (steps() == 0) {
      problems.add(pointer, "must have at least two levels");
    }
    for (int i = 0; i < steps(); i++) {
      boolean stays = i == steps() - 1 && sigmas[i] == sigmas[i + 1] && sigmas[i] > 0;
      boolean falls = sigmas[i] < Double.POSITIVE_INFINITY && sigmas[i] > sigmas[i + 1];
      if (!falls && !stays) {
        problems.add(
            pointer,
            "step "
                + i
                + " must lower the noise, goes from sigma "
                + sigmas[i]
                + " to "
                + sigmas[i + 1]);
        return;
      }
    }
  }
}
