package io.darkroom.image;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A picture file whose structure was walked from end to end, reduced to what its pixels need: no
 * profiles, no texts, no thumbnails reach the decoder.
 *
 * @param format as ImageIO names it
 * @param bytes the reduced file
 */
record BareFile(String format, int width, int height, Orientation orientation, ByteBuffer bytes) {

  InputStream stream() {
    return new ByteArrayInputStream(bytes.array(), bytes.arrayOffset(), bytes.limit());
  }
}
