package io.darkroom.render;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Facts about a settled record for metrics, traces and logs.
 *
 * @param kind {@code generate} or {@code upscale}; empty if the bytes are not a valid request
 * @param model name of the package in the request; empty if the bytes are not a valid request
 * @param begun time at which this worker began to settle the record
 * @param laps the phases in order
 */
public record Account(
    Optional<String> kind, Optional<String> model, Instant begun, List<Lap> laps) {

  public Account {
    laps = List.copyOf(laps);
  }

  /** Returns an account without phases. */
  public static Account empty(Instant begun) {
    return new Account(Optional.empty(), Optional.empty(), begun, List.of());
  }

  /** The phases of a request, in order. */
  public enum Phase {
    /** Planning, with reading the headers of the input images. */
    PREPARE,
    /** Reading the input images and waiting for the first evaluation. */
    QUEUED,
    /** From the first evaluation to the last. */
    DENOISE,
    /** Decoding: from the last evaluation to the last image. */
    DECODE,
    /** Encoding files. */
    ENCODE,
    /** Storing files. */
    UPLOAD;

    /** Returns the wire name. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One phase.
   *
   * @param begin time from the start of settling to the start of the phase
   * @param duration duration of the phase
   */
  public record Lap(Phase phase, Duration begin, Duration duration) {}
}
