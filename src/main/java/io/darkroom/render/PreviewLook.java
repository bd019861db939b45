package io.darkroom.render;

import io.darkroom.image.BlockMeans;
import io.darkroom.image.Pixels;
import io.darkroom.job.Size;
import io.darkroom.model.LatentColors;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.plan.Stage;
import java.util.Optional;

/**
 * How the samples of a stage are made into small pictures: one pixel for a cell of the sample, or
 * for a square of them where that would be longer than {@value #LONGEST_SIDE} pixels.
 *
 * @param means the sample's cells that show, and how many of them are one pixel
 * @param colors of a latent space; empty where the sample is a picture itself
 */
record PreviewLook(BlockMeans means, Optional<LatentColors> colors) {
  /** Pixels of the longer side, at most. */
  static final int LONGEST_SIDE = 256;

  private static final int GREY = 1;
  private static final int RGB = 3;

  /**
   * The look of a stage's samples; empty where their channels cannot be shown.
   *
   * @param colors of the package, where they are known
   */
  static Optional<PreviewLook> of(Stage stage, Optional<LatentColors> colors) {
    Shape sample = stage.sample();
    Size result = stage.result();
    Space space = stage.model().space();
    boolean latent = space.decoded();
    boolean known =
        latent
            ? colors.filter(map -> map.channels() == sample.channels()).isPresent()
            : sample.channels() == GREY || sample.channels() == RGB;
    if (!known) {
      return Optional.empty();
    }
    BlockMeans means =
        new BlockMeans(
            sample.channels(),
            sample.height(),
            sample.width(),
            space.cells(result.height()),
            space.cells(result.width()),
            1);
    return Optional.of(
        new PreviewLook(means.within(LONGEST_SIDE), latent ? colors : Optional.empty()));
  }

  /** The picture of a sample that {@link #means} made small; not finite numbers are black. */
  Pixels pixels(float[] small) {
    float[] picture = colors.isPresent() ? colors.get().picture(small) : small;
    int channels = colors.isPresent() ? RGB : means.channels();
    return Pixels.ofTensor(picture, channels, means.smallHeight(), means.smallWidth());
  }
}
