package io.darkroom.render;

import io.darkroom.image.BlockMeans;
import io.darkroom.image.Medium;
import io.darkroom.image.Pixels;
import io.darkroom.job.Size;
import io.darkroom.model.LatentColors;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.plan.Stage;
import java.util.Optional;

/** Converts samples of a stage into small pictures, in two steps. Immutable. */
sealed interface PreviewLook {
  /** Maximum pixels of the longer side. */
  int LONGEST_SIDE = 256;

  /**
   * Returns the look for samples of a stage; empty if they cannot be shown.
   *
   * @param colors colours of the package, if they are known
   */
  static Optional<? extends PreviewLook> of(Stage stage, Optional<LatentColors> colors) {
    Shape sample = stage.sample();
    int channels = stage.model().network().sampleChannels();
    return switch (stage.model().medium().kind()) {
      case SOUND ->
          Optional.of(new OfSound(channels, sample.size() / channels, stage.result().width()));
      case FILM -> OfFilm.of(stage);
      default -> OfPicture.of(stage, colors);
    };
  }

  /** Returns the number of elements that {@link #shrink} writes. */
  int smallSize();

  /**
   * Reduces a sample. The engine thread calls it, so it must be fast.
   *
   * @param sample elements of the sample, which other elements may follow; not changed
   * @param small {@link #smallSize} elements, overwritten
   */
  void shrink(float[] sample, float[] small);

  /** Returns the picture of a reduced sample, which may contain NaN and infinity. */
  Pixels pixels(float[] small);

  /**
   * Converts samples of a stage into small pictures. A pixel shows one cell of the sample, or a
   * square of cells if a side would otherwise be longer than {@value PreviewLook#LONGEST_SIDE}
   * pixels.
   *
   * @param means means of the cells of the sample, one per pixel
   * @param colors colours of a latent space; empty if the sample is a picture itself
   */
  record OfPicture(BlockMeans means, Optional<LatentColors> colors) implements PreviewLook {
    private static final int GREY = 1;

    /**
     * Returns the look for samples of a stage; empty if their channels cannot be shown.
     *
     * @param colors colours of the package, if they are known
     */
    static Optional<OfPicture> of(Stage stage, Optional<LatentColors> colors) {
      Shape sample = stage.sample();
      Size result = stage.result();
      Space space = stage.model().space();
      boolean latent = space.decoded();
      boolean known =
          latent
              ? colors.filter(map -> map.channels() == sample.channels()).isPresent()
              : stage.model().medium().is(Medium.Kind.PICTURE)
                  && (sample.channels() == GREY || sample.channels() == Space.RGB);
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
          new OfPicture(means.withLongestSide(LONGEST_SIDE), latent ? colors : Optional.empty()));
    }

    @Override
    public int smallSize() {
      return means.smallSize();
    }

    @Override
    public void shrink(float[] sample, float[] small) {
      means.shrink(sample, small);
    }

    /**
     * Returns the picture of a sample that {@link #means} has reduced. NaN and infinity become
     * black.
     */
    @Override
    public Pixels pixels(float[] small) {
      float[] picture = colors.isPresent() ? colors.get().picture(small) : small;
      int channels = colors.isPresent() ? Space.RGB : means.channels();
      return Pixels.ofTensor(picture, channels, means.smallHeight(), means.smallWidth());
    }
  }

  /**
   * Shows the frame in the middle of a film.
   *
   * @param offset index of the frame's first element in the sample, {@code [C, F, H, W]}
   * @param look look of the first frame
   */
  record OfFilm(int offset, OfPicture look) implements PreviewLook {

    /** Returns the look for samples of a stage; empty if their channels cannot be shown. */
    static Optional<OfFilm> of(Stage stage) {
      Shape shape = stage.sample();
      Size size = stage.result();
      if (shape.channels() != OfPicture.GREY && shape.channels() != Space.RGB) {
        return Optional.empty();
      }
      int frames = shape.sizes().get(1);
      int height = shape.sizes().get(2);
      int width = shape.sizes().get(3);
      BlockMeans means =
          new BlockMeans(shape.channels(), frames * height, width, size.height(), size.width(), 1);
      return Optional.of(
          new OfFilm(
              frames / 2 * height * width,
              new OfPicture(means.withLongestSide(LONGEST_SIDE), Optional.empty())));
    }

    @Override
    public int smallSize() {
      return look.smallSize();
    }

    @Override
    public void shrink(float[] sample, float[] small) {
      look.means().shrink(sample, offset, small);
    }

    @Override
    public Pixels pixels(float[] small) {
      return look.pixels(small);
    }
  }

  /**
   * Draws the waveforms of sounds. The channels are one below the other, each from 1 at the top to
   * -1 at the bottom. A column of pixels is black from the smallest to the largest value of its
   * part of the sound.
   *
   * @param channels number of channels of the sound
   * @param stride number of elements of a channel in the sample
   * @param length number of these elements that belong to the sound, 1 or more
   */
  record OfSound(int channels, int stride, int length) implements PreviewLook {
    /** Number of pixel rows of a channel. */
    static final int ROWS = 64;

    private static final byte WHITE = (byte) 0xff;

    private int columns() {
      return Math.min(LONGEST_SIDE, length);
    }

    /** Returns the number of values: the smallest and the largest one of each column. */
    @Override
    public int smallSize() {
      return 2 * channels * columns();
    }

    @Override
    public void shrink(float[] sample, float[] small) {
      for (int c = 0; c < channels; c++) {
        for (int x = 0; x < columns(); x++) {
          int end = c * stride + place(x + 1);
          float least = bounded(sample[c * stride + place(x)]);
          float most = least;
          for (int i = c * stride + place(x); i < end; i++) {
            least = Math.min(least, bounded(sample[i]));
            most = Math.max(most, bounded(sample[i]));
          }
          small[2 * (c * columns() + x)] = least;
          small[2 * (c * columns() + x) + 1] = most;
        }
      }
    }

    private int place(int column) {
      return (int) ((long) column * length / columns());
    }

    /** Clamps a value to [-1, 1]. NaN becomes silence. */
    private static float bounded(float value) {
      return Float.isNaN(value) ? 0 : Math.max(-1, Math.min(1, value));
    }

    @Override
    public Pixels pixels(float[] small) {
      int width = columns();
      byte[] samples = new byte[channels * ROWS * width];
      for (int i = 0; i < samples.length; i++) {
        int row = i / width % ROWS;
        int column = i / width / ROWS * width + i % width;
        boolean within = row >= row(small[2 * column + 1]) && row <= row(small[2 * column]);
        samples[i] = within ? 0 : WHITE;
      }
      return new Pixels(width, channels * ROWS, 1, samples);
    }

    private static int row(float value) {
      return Math.round((1 - value) / 2 * (ROWS - 1));
    }
  }
}
