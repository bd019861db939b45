package io.darkroom.job;

import io.darkroom.diffusion.DenoisingRange;
import java.util.Optional;
import java.util.OptionalDouble;

/** The input from which a stage starts. */
public sealed interface Source {

  /**
   * Returns the kind in messages of requests with this source: {@code generate} or {@code upscale}.
   */
  String kind();

  /** Returns the picture of the request that the stage reads; empty if none. */
  Optional<ImageRef> image();

  /**
   * Returns the requested size of the result; empty = the package's default, or the picture's size.
   */
  default Optional<Size> size() {
    return Optional.empty();
  }

  /** Returns a copy with another size of the result, if the source has a size. */
  default Source withSize(Size size) {
    return this;
  }

  /** Returns the tiles that the request sets; empty if the picture's size determines them. */
  default Optional<Tile> tile() {
    return Optional.empty();
  }

  /** Returns a copy with tiles, if the source has tiles. */
  default Source withTile(Tile tile) {
    return this;
  }

  /** Returns a copy with the picture at another address. */
  Source withImage(ImageRef image);

  /** Returns the mask of the part to replace, white where it is; empty if none. */
  default Optional<ImageRef> mask() {
    return Optional.empty();
  }

  /** Returns a copy with another mask, if the source can have a mask. */
  default Source withMask(ImageRef mask) {
    return this;
  }

  /** Returns the requested strength, 0 to 1: how much the picture is changed. */
  default OptionalDouble strength() {
    return OptionalDouble.empty();
  }

  /** Returns how the request resizes pictures of another size. */
  default Optional<Resize> resize() {
    return Optional.empty();
  }

  /** Returns the finished fraction of the schedule; 0 if the stage starts at its beginning. */
  default double denoisingStart() {
    return DenoisingRange.WHOLE.start();
  }

  /** Returns the requested level of the noise that is added to a small picture. */
  default Optional<Integer> noiseLevel() {
    return Optional.empty();
  }

  /** Returns a copy with a noise level, if the source can have a noise level. */
  default Source withNoiseLevel(int level) {
    return this;
  }

  /**
   * Starts from noise.
   *
   * @param size size of the result
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
   * Starts from a picture: image-to-image, or inpainting with a mask.
   *
   * @param start the picture
   * @param mask white where the picture is replaced
   * @param strength how much the picture is changed, 0 to 1
   * @param size size of the result
   * @param resize how pictures of another size are resized; empty = {@link Resize#EXACT}
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

    @Override
    public Image withMask(ImageRef other) {
      return new Image(start, Optional.of(other), strength, size, resize);
    }

    /** Returns a copy with all optional values set. */
    public Image withDefaults(double chosen, Resize way) {
      return new Image(start, mask, OptionalDouble.of(chosen), size, Optional.of(way));
    }
  }

  /**
   * Starts from the latents of the previous stage with their remaining noise.
   *
   * @param denoisingStart finished fraction of the schedule, above 0 and below 1
   */
  record Latents(double denoisingStart) implements Source {

    @Override
    public String kind() {
      return "generate";
    }

    @Override
    public Optional<ImageRef> image() {
      return Optional.empty();
    }

    @Override
    public Latents withImage(ImageRef image) {
      return this;
    }
  }

  /**
   * Enlarges a small picture: super-resolution.
   *
   * @param small the picture; empty = the result of the previous stage
   * @param noiseLevel noise added to it first, in the model's steps
   * @param tile windows for pictures larger than the model's size
   */
  record Enlarge(Optional<ImageRef> small, Optional<Integer> noiseLevel, Optional<Tile> tile)
      implements Source {

    @Override
    public String kind() {
      return "upscale";
    }

    @Override
    public Optional<ImageRef> image() {
      return small;
    }

    @Override
    public Enlarge withTile(Tile other) {
      return new Enlarge(small, noiseLevel, Optional.of(other));
    }

    @Override
    public Enlarge withImage(ImageRef image) {
      return new Enlarge(Optional.of(image), noiseLevel, tile);
    }

    @Override
    public Enlarge withNoiseLevel(int level) {
      return new Enlarge(small, Optional.of(level), tile);
    }
  }
}
