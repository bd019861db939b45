package io.darkroom.diffusion.noise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * The bits of floats, array by array: two copies of memory take a tenth of the time of {@link
 * Float#intBitsToFloat} in a loop, which the compiler makes no vectors of. Not safe for use by two
 * threads at once.
 */
final class FloatBits {
  private final IntBuffer ints;
  private final FloatBuffer floats;

  /** For at most so many numbers at a time. */
  FloatBits(int most) {
    ByteBuffer bytes = ByteBuffer.allocate(most * Float.BYTES).order(ByteOrder.nativeOrder());
    ints = bytes.asIntBuffer();
    floats = bytes.asFloatBuffer();
  }

  /** {@link Float#intBitsToFloat} of the first numbers. */
  void toFloats(int[] from, float[] to, int count) {
    ints.put(0, from, 0, count);
    floats.get(0, to, 0, count);
  }

  /** {@link Float#floatToRawIntBits} of the first numbers. */
  void toInts(float[] from, int[] to, int count) {
    floats.put(0, from, 0, count);
    ints.get(0, to, 0, count);
  }
}
