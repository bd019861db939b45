package io.darkroom.image;

import java.util.Optional;

/** A picture of a request as the network and the result need it. Immutable. */
public final class SourcePicture {
  private final DecodedPicture decoded;
  private final Optional<IccProfile> profile;

  SourcePicture(DecodedPicture decoded, Optional<IccProfile> profile) {
    this.decoded = decoded;
    this.profile = profile;
  }

  /** Returns the columns. */
  public int width() {
    return decoded.width();
  }

  /** Returns the rows. */
  public int height() {
    return decoded.height();
  }

  /**
   * Returns the samples, {@code [channels, height, width]}: in [-1, 1] if they were read with 8
   * bits, as in {@link Pixels#toTensor}; from 0 to 65535 if with 16. Transparent pixels are blended
   * with white.
   */
  public float[] values() {
    return decoded.sampleBytes() == 1 ? decoded.pixels().toTensor() : decoded.numbers();
  }

  /** Returns the opacity as a grey picture; empty if all pixels are opaque. */
  public Optional<Pixels> opacity() {
    return decoded
        .alpha()
        .map(each -> Pixels.owning(each, decoded.width(), decoded.height(), DecodedPicture.GREY));
  }

  /** Returns the colour profile of the file, which may be damaged. */
  public Optional<IccProfile> profile() {
    return profile;
  }
}
