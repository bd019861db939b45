package io.darkroom.onnx;

import io.darkroom.job.Tier;
import java.time.Duration;

/**
 * Settings for running networks.
 *
 * @param threads threads of one run, 1 or more; pixels depend on them
 * @param mostRows maximum rows of one run, 1 or more
 * @param tier promised reproducibility
 * @param provider execution provider
 * @param longestTestRun maximum time of one run in the self-test, above zero
 * @param lanes lanes over which runs are spread; pixels do not depend on them
 * @param fuse whether attention of denoising networks is fused
 */
public record NetworkSettings(
    int threads,
    int mostRows,
    Tier tier,
    Provider provider,
    Duration longestTestRun,
    Lanes lanes,
    boolean fuse) {
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
          "convolution search: must not be exhaustive in the exact tier, in which no measured"
              + " time may affect bits");
    }
  }

  /** Creates settings with one lane and five minutes for each run of the self-test. */
  public NetworkSettings(int threads, int mostRows, Tier tier, Provider provider) {
    this(threads, mostRows, tier, provider, LONGEST_TEST_RUN, Lanes.ONE, false);
  }

  /** Creates such settings for the processor. */
  public NetworkSettings(int threads, int mostRows, Tier tier) {
    this(threads, mostRows, tier, Provider.CPU);
  }

  /** Returns a copy with other lanes. */
  public NetworkSettings on(Lanes others) {
    return new NetworkSettings(threads, mostRows, tier, provider, longestTestRun, others, fuse);
  }

  /** Returns a copy that fuses attention, or does not. */
  public NetworkSettings fusing(boolean fused) {
    return new NetworkSettings(threads, mostRows, tier, provider, longestTestRun, lanes, fused);
  }
}
