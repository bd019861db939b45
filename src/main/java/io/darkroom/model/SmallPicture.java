package io.darkroom.model;

import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;

/** Functions that all conditions of super-resolution share. They enlarge a small picture. */
public final class SmallPicture {
  private static final int MOST_DOUBLINGS = 16;

  private SmallPicture() {}

  /** Returns the description in the list of models. */
  public static String summary(int factor) {
    return "image, " + factor + " times enlarged";
  }

  /**
   * Returns the noise level of a request.
   *
   * @param standard the default
   * @param most maximum of the model, inclusive; more is a violation
   */
  public static int noiseLevel(
      StageRequest request, int standard, int most, String model, Violations violations) {
    int level = request.source().noiseLevel().orElse(standard);
    violations.check(
        level <= most,
        "/noise_level",
        () -> "must be 0 to " + most + " for " + model + ", is " + level);
    return level;
  }

  /** Returns a copy of the request with a noise level. */
  public static StageRequest withNoiseLevel(StageRequest request, int level) {
    return request.withSource(request.source().withNoiseLevel(level));
  }

  /**
   * Pixels of a result per cell of the sample and side: the decoder doubles the sides once per
   * block after the first.
   *
   * @param decoder folder of the decoder
   * @throws BrokenPackage if its configuration does not list its blocks
   */
  public static int factor(PackageFacts facts, String decoder) throws BrokenPackage {
    int blocks = facts.files().config(decoder + "/config.json").list("block_out_channels").size();
    return 1 << Math.min(Math.max(0, blocks - 1), MOST_DOUBLINGS);
  }
}
