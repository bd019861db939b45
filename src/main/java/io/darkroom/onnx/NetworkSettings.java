package io.darkroom.onnx;

import io.darkroom.job.Tier;
import java.time.Duration;

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
