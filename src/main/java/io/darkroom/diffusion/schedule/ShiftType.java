package io.darkroom.diffusion.schedule;

import java.util.Locale;

/**
 * How {@code mu} moves the times of a flow towards its noisy end (Esser et al. 2024, section
 * 5.3.2), by the names of {@code time_shift_type}.
 */
enum ShiftType {
  EXPONENTIAL,
  LINEAR;

  /** The shift that {@code mu} stands for. */
  double shift(double mu) {
    return this == EXPONENTIAL ? StrictMath.exp(mu) : mu;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
