package io.darkroom.image;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A picture file whose structure was checked from end to end, reduced to the parts that its pixels
 * need: the decoder receives no profiles, texts or thumbnails.
 *
 * @param format name of the format in ImageIO
 * @param bytes the reduced file
 */
record BareFile(String format, int width, int height, Orientation orientation, ByteBuffer bytes) {

  InputStream stream() {
    return new ByteArrayInputStream(bytes.array(), bytes.arrayOffset(), bytes.limit());
  }
}
