package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.Settings;

/** The options for clipping the estimate of the clean sample. */
final class ClipOptions {
  static final Option<Boolean> CLIP = Option.flag("clip_sample", true);
  static final Option<Boolean> NO_CLIP = CLIP.withDefault(false);
  static final Option<Double> RANGE = Option.number("clip_sample_range", 1, 1e-3, 1e6);
  static final Option<Boolean> THRESHOLDING = Option.flag("thresholding", false);
  static final Option<Double> RATIO = Option.number("dynamic_thresholding_ratio", 0.995, 0, 1);
  static final Option<Double> MOST = Option.number("sample_max_value", 1, 1e-3, 1e6);

  private ClipOptions() {}

  /** Returns thresholding if it is on, else the range clip if it is on. */
  static Clip read(Settings settings, Option<Boolean> clip) {
    return settings.get(THRESHOLDING) ? thresholding(settings) : range(settings, clip);
  }

  /** Returns the range clip if it is on. */
  static Clip range(Settings settings, Option<Boolean> clip) {
    return settings.get(clip) ? new Clip.Range(settings.get(RANGE)) : new Clip.None();
  }

  /** Returns thresholding if it is on. */
  static Clip thresholding(Settings settings) {
    return settings.get(THRESHOLDING)
        ? new Clip.Dynamic(settings.get(RATIO), settings.get(MOST))
        : new Clip.None();
  }
}
