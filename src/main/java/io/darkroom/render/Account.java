package io.darkroom.render;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a record was settled, for those who count, trace and log.
 *
 * @param kind {@code generate} or {@code upscale}; empty where the bytes are no valid request
 * @param model the package that the request names; empty likewise
 * @param begun when this worker began with it
 * @param laps the phases that it went through, in order
 */
public record Account(
    Optional<String> kind, Optional<String> model, Instant begun, List<Lap> laps) {

  public Account {
    laps = List.copyOf(laps);
  }

  /** An account of a record that was looked at and no more. */
  public static Account empty(Instant begun) {
    return new Account(Optional.empty(), Optional.empty(), begun, List.of());
  }

  /** What is done for a request, one after the other. */
  public enum Phase {
    /** Planned, the headers of its pictures read. */
    PREPARE,
    /** Waiting for the first evaluation, its pictures read. */
    QUEUED,
    /** From the first evaluation to the last. */
    DENOISE,
    /** From the last evaluation to the last picture. */
    DECODE,
    /** Files made of the pictures. */
    ENCODE,
    /** Files stored. */
    UPLOAD;

    /** The wire name. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One phase.
   *
   * @param begin since this worker began with the record
   */
  public record Lap(Phase phase, Duration begin, Duration duration) {}
}
