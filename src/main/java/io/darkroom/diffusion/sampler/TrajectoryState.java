package io.darkroom.diffusion.sampler;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The progress of a {@link Trajectory}: with the sampler and the seed's noise source, another
 * trajectory can continue from it with the same bits, in this process or another. Immutable. The
 * noise source is not part of the state: it is advanced by the number of draws, which all have the
 * sample's size.
 *
 * <p>As bytes, big-endian: the text {@code DKTS}, the version (int32), the evaluations done, the
 * draws made, the elements of the sample, the arrays of memory (int32 each), then the sample and
 * each array of memory (float32).
 */
public final class TrajectoryState {
  private static final int MAGIC = 0x444b5453;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 6 * Integer.BYTES;

  private final int done;
  private final int draws;
  private final float[] sample;
  private final float[][] memory;

  /**
   * Creates a state that owns the arrays.
   *
   * @param memory the sampler's memory, arrays of the sample's size
   */
  TrajectoryState(int done, int draws, float[] sample, float[][] memory) {
    this.done = done;
    this.draws = draws;
    this.sample = sample;
    this.memory = memory;
  }

  /** Returns a state with copies of the arrays. */
  static TrajectoryState copyOf(int done, int draws, float[] sample, float[][] memory) {
    float[][] copies = Arrays.stream(memory).map(float[]::clone).toArray(float[][]::new);
    return new TrajectoryState(done, draws, sample.clone(), copies);
  }

  /** Returns the number of finished evaluations. */
  public int done() {
    return done;
  }

  /** Returns the number of noise draws, including the first. */
  public int draws() {
    return draws;
  }

  /** Returns the number of elements of the sample. */
  public int size() {
    return sample.length;
  }

  /** Copies the sample and the memory to a trajectory's arrays of the same lengths. */
  void restore(float[] toSample, float[][] toMemory) {
    Elements.copy(toSample, sample);
    for (int i = 0; i < memory.length; i++) {
      Elements.copy(toMemory[i], memory[i]);
    }
  }

  /** Returns the number of bytes of {@link #encode}. */
  public long encodedBytes() {
    return bytes(sample.length, memory.length);
  }

  /** Returns the number of bytes of a state of a render by a sampler. */
  public static int encodedBytes(Sampler sampler, int size) {
    return Math.toIntExact(bytes(size, sampler.memory()));
  }

  /** Returns the bytes that {@link #decode} reads. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bytes(sample.length, memory.length)));
    out.putInt(MAGIC).putInt(VERSION);
    out.putInt(done).putInt(draws).putInt(sample.length).putInt(memory.length);
    put(sample, out);
    for (float[] array : memory) {
      put(array, out);
    }
    return out.array();
  }

  private static void put(float[] values, ByteBuffer out) {
    out.asFloatBuffer().put(values);
    out.position(out.position() + values.length * Float.BYTES);
  }

  /**
   * Reads a state. Memory is allocated only after the lengths are checked against the render.
   *
   * @param sampler the sampler of the render
   * @param size number of elements of its sample
   * @throws DamagedState if the bytes have another format, version or render
   */
  public static TrajectoryState decode(byte[] bytes, Sampler sampler, int size)
      throws DamagedState {
    if (bytes.length < HEADER_BYTES) {
      throw new DamagedState("must have " + HEADER_BYTES + " bytes or more, has " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    same("first four bytes", MAGIC, in.getInt());
    same("version", VERSION, in.getInt());
    int done = in.getInt();
    int draws = in.getInt();
    same("elements of the sample", size, in.getInt());
    int memories = in.getInt();
    checkPlace(done, draws, memories, sampler);
    same("bytes", bytes(size, memories), bytes.length);
    float[] sample = floats(size, in);
    float[][] memory = new float[memories][];
    for (int i = 0; i < memories; i++) {
      memory[i] = floats(size, in);
    }
    return new TrajectoryState(done, draws, sample, memory);
  }

  /**
   * Checks that a render by this sampler can be in this state.
   *
   * @param size number of elements of the render's sample
   * @throws DamagedState if it cannot
   */
  public void check(Sampler sampler, int size) throws DamagedState {
    same("elements of the sample", size, sample.length);
    checkPlace(done, draws, memory.length, sampler);
  }

  private static void checkPlace(int done, int draws, int memories, Sampler sampler)
      throws DamagedState {
    if (done < 0 || done > sampler.evaluations()) {
      throw new DamagedState(
          "evaluations done must be 0 to " + sampler.evaluations() + ", is " + done);
    }
    same("draws", sampler.drawsUntil(done), draws);
    same("arrays of memory", sampler.memory(), memories);
  }

  private static long bytes(int size, int memories) {
    return HEADER_BYTES + (1L + memories) * size * Float.BYTES;
  }

  private static float[] floats(int count, ByteBuffer in) {
    float[] values = new float[count];
    in.asFloatBuffer().get(values);
    in.position(in.position() + count * Float.BYTES);
    return values;
  }

  private static void same(String what, long wanted, long is) throws DamagedState {
    if (wanted != is) {
      throw new DamagedState(what + " must be " + wanted + ", is " + is);
    }
  }
}
