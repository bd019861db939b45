package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Problems;
import java.util.Arrays;

/**
 * The falling noise-to-signal ratios that a render visits and the timestep at each. There is one
 * ratio more than timesteps: where the last step ends, mostly 0. Immutable.
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

  /** These sigmas with one more at the end. */
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

  /** Sigmas in all; at least one more than the steps. */
  public int length() {
    return sigmas.length;
  }

  /** The largest sigma. */
  double most() {
    return sigmas[0];
  }

  /** A problem where the sigmas do not fall or are not finite; the last step may stay. */
  public void check(String pointer, Problems problems) {
    if (steps() == 0) {
      problems.add(pointer, "must hold a level to begin at and one to end at");
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
