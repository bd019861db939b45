package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Option;
import java.util.Locale;

/** Where the last step ends, by the names of {@code final_sigmas_type}. */
public enum FinalSigma {
  /** Without noise. */
  ZERO,
  /** At the training's least noise. */
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
