package io.darkroom.diffusion.noise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Converts arrays between floats and their bits. Two memory copies take a tenth of the time of
 * {@link Float#intBitsToFloat} in a loop, which the compiler does not vectorise. Not thread-safe.
 */
final class FloatBits {
  private final IntBuffer ints;
  private final FloatBuffer floats;

  /** Creates a converter of at most {@code most} numbers per call. */
  FloatBits(int most) {
    ByteBuffer bytes = ByteBuffer.allocate(most * Float.BYTES).order(ByteOrder.nativeOrder());
    ints = bytes.asIntBuffer();
    floats = bytes.asFloatBuffer();
  }

  /** Applies {@link Float#intBitsToFloat} to the first {@code count} numbers. */
  void toFloats(int[] from, float[] to, int count) {
    ints.put(0, from, 0, count);
    floats.get(0, to, 0, count);
  }

  /** Applies {@link Float#floatToRawIntBits} to the first {@code count} numbers. */
  void toInts(float[] from, int[] to, int count) {
    floats.put(0, from, 0, count);
    ints.get(0, to, 0, count);
  }
}
