package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Option;
import java.util.Locale;

/**
 * The noise level at the end of the last step, named by the values of {@code final_sigmas_type}.
 */
public enum FinalSigma {
  /** No noise. */
  ZERO,
  /** The training's smallest noise level. */
  SIGMA_MIN;

  public static final Option<FinalSigma> OPTION =
      Option.choice("final_sigmas_type", ZERO, values());

  double on(NoiseCurve curve) {
    return this == ZERO ? 0 : curve.sigma(0);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
