package io.darkroom.onnx;

import java.time.Duration;
import java.util.Locale;

/**
 * How networks are run.
 *
 * @param threads of one run, 1 or more; part of what pixels depend on
 * @param mostRows of one run, 1 or more
 * @param tier what is promised
 * @param provider what computes them
 * @param longestTestRun how long one run may take before a network is proven, above zero
 */
public record NetworkSettings(
    int threads, int mostRows, Tier tier, Provider provider, Duration longestTestRun) {
  private static final Duration LONGEST_TEST_RUN = Duration.ofMinutes(5);

  /** How much of a result's exactness is promised. */
  public enum Tier {
    /** Pixels do not depend on batch mates: a package that cannot give this is refused. */
    EXACT,
    /** Pixels do not depend on batch mates as long as calls have the same number of rows. */
    REPEATABLE,
    /** Nothing is promised. */
    FAST;

    /**
     * The tier of a name in a fingerprint.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Tier of(String wire) {
      for (Tier tier : values()) {
        if (tier.wire().equals(wire)) {
          return tier;
        }
      }
      throw new IllegalArgumentException("tier: must be exact, repeatable or fast, is " + wire);
    }

    /** The name in a fingerprint. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public NetworkSettings {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: must be 1 or more, are " + threads);
    }
    if (mostRows < 1) {
      throw new IllegalArgumentException("rows of a call: must be 1 or more, are " + mostRows);
    }
    if (longestTestRun.toMillis() < 1) {
      throw new IllegalArgumentException(
          "self-test run: must be 1 ms or longer, is " + longestTestRun);
    }
    if (tier == Tier.EXACT
        && provider instanceof Provider.Cuda cuda
        && cuda.measuresConvolutions()) {
      throw new IllegalArgumentException(
          "convolution search: must not be exhaustive in the exact tier, where no measuring of"
              + " time may decide on bits");
    }
  }

  /** Networks that are given five minutes for each run of their self-test. */
  public NetworkSettings(int threads, int mostRows, Tier tier, Provider provider) {
    this(threads, mostRows, tier, provider, LONGEST_TEST_RUN);
  }

  /** The same on the processor. */
  public NetworkSettings(int threads, int mostRows, Tier tier) {
    this(threads, mostRows, tier, Provider.CPU);
  }
}
