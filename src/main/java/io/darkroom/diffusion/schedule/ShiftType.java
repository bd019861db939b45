package io.darkroom.diffusion.schedule;

import java.util.Locale;

/**
 * How {@code mu} shifts the times of a flow towards the noisy end (Esser et al. 2024, section
 * 5.3.2), named by the values of {@code time_shift_type}.
 */
enum ShiftType {
  EXPONENTIAL,
  LINEAR;

  /** Returns the shift that corresponds to {@code mu}. */
  double shift(double mu) {
    return this == EXPONENTIAL ? StrictMath.exp(mu) : mu;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
