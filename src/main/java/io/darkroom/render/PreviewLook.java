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
 * Turns samples of a stage into small pictures: a pixel shows one cell of the sample, or a square
 * of cells if the picture would otherwise be longer than {@value #LONGEST_SIDE} pixels.
 *
 * @param means cells of the sample that are shown, and how many of them make a pixel
 * @param colors colours of a latent space; empty if the sample is a picture itself
 */
record PreviewLook(BlockMeans means, Optional<LatentColors> colors) {
  /** Maximum pixels of the longer side. */
  static final int LONGEST_SIDE = 256;

  private static final int GREY = 1;
  private static final int RGB = 3;

  /**
   * The look for samples of a stage; empty if their channels cannot be shown.
   *
   * @param colors colours of the package, if they are known
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

  /** The picture of a sample that {@link #means} has reduced; NaN and infinity become black. */
  Pixels pixels(float[] small) {
    float[] picture = colors.isPresent() ? colors.get().picture(small) : small;
    int channels = colors.isPresent() ? RGB : means.channels();
    return Pixels.ofTensor(picture, channels, means.smallHeight(), means.smallWidth());
  }
}
