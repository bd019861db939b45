package io.darkroom.job;

import java.util.Optional;
import java.util.OptionalDouble;

/** What a stage starts from. */
public sealed interface Source {

  /** The wire name of requests with such a source: {@code generate} or {@code upscale}. */
  String kind();

  /** The picture; empty where the stage starts from noise alone. */
  Optional<ImageRef> image();

  /** The size of the result as requested; empty = the package's default, or the picture's. */
  default Optional<Size> size() {
    return Optional.empty();
  }

  /** The same source with another size of the result, where its kind has one. */
  default Source withSize(Size size) {
    return this;
  }

  /** The same source with its picture at another address. */
  Source withImage(ImageRef image);

  /**
   * Noise alone.
   *
   * @param size of the result
   */
  record Nothing(Optional<Size> size) implements Source {

    @Override
    public String kind() {
      return "generate";
    }

    @Override
    public Optional<ImageRef> image() {
      return Optional.empty();
    }

    @Override
    public Nothing withSize(Size other) {
      return new Nothing(Optional.of(other));
    }

    @Override
    public Nothing withImage(ImageRef image) {
      return this;
    }
  }

  /**
   * A picture that is changed: image-to-image, or inpainting with a mask.
   *
   * @param start the picture
   * @param mask white where it is painted anew
   * @param strength how much of it is given up, 0 to 1
   * @param size of the result
   * @param resize how pictures of another size are brought to it; empty = {@link Resize#EXACT}
   */
  record Image(
      ImageRef start,
      Optional<ImageRef> mask,
      OptionalDouble strength,
      Optional<Size> size,
      Optional<Resize> resize)
      implements Source {

    @Override
    public String kind() {
      return "generate";
    }

    @Override
    public Optional<ImageRef> image() {
      return Optional.of(start);
    }

    @Override
    public Image withSize(Size other) {
      return new Image(start, mask, strength, Optional.of(other), resize);
    }

    @Override
    public Image withImage(ImageRef image) {
      return new Image(image, mask, strength, size, resize);
    }

    /** The same source with its mask at another address. */
    public Image withMask(ImageRef other) {
      return new Image(start, Optional.of(other), strength, size, resize);
    }

    /** The same source with everything that it may leave out. */
    public Image filled(double chosen, Resize way) {
      return new Image(start, mask, OptionalDouble.of(chosen), size, Optional.of(way));
    }
  }

  /**
   * A small picture that is enlarged: super-resolution.
   *
   * @param small the picture
   * @param noiseLevel noise added to it first, in the model's own steps
   * @param tile windows for pictures larger than the model's own
   */
  record Enlarge(ImageRef small, Optional<Integer> noiseLevel, Optional<Tile> tile)
      implements Source {

    @Override
    public String kind() {
      return "upscale";
    }

    @Override
    public Optional<ImageRef> image() {
      return Optional.of(small);
    }

    @Override
    public Enlarge withImage(ImageRef image) {
      return new Enlarge(image, noiseLevel, tile);
    }
  }
}
