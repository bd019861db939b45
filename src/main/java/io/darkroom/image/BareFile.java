package io.darkroom.image;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A picture file whose structure was checked from end to end, reduced to the parts that its pixels
 * need: the decoder receives no profiles, texts or thumbnails.
 *
 * @param format name of the format in ImageIO
 * @param profile the colour profile, which the decoder does not receive
 * @param bytes the reduced file
 */
record BareFile(
    String format,
    int width,
    int height,
    Orientation orientation,
    Optional<IccProfile> profile,
    ByteBuffer bytes) {

  InputStream stream() {
    return new ByteArrayInputStream(bytes.array(), bytes.arrayOffset(), bytes.limit());
  }
}
