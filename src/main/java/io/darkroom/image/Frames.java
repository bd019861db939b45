package io.darkroom.image;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Converts films to pictures with 8 bits. */
public final class Frames {
  private static final int AXES = 4;

  private Frames() {}

  /**
   * Returns the frames of a film in order.
   *
   * @param values about -1 to 1
   * @param shape {@code [C, F, H, W]}
   */
  public static List<Pixels> of(float[] values, List<Integer> shape) {
    List<Pixels> frames = new ArrayList<>();
    float[] frame = new float[values.length / shape.get(1)];
    for (int f = 0; f < shape.get(1); f++) {
      take(values, shape, f, frame);
      frames.add(Pixels.ofTensor(frame, shape.get(0), shape.get(2), shape.get(3)));
    }
    return frames;
  }

  /** Returns the samples of frames, {@code [F, H, W, C]}. */
  public static byte[] samples(List<Pixels> frames) {
    ByteArrayOutputStream samples = new ByteArrayOutputStream();
    frames.forEach(frame -> samples.writeBytes(frame.toBytes()));
    return samples.toByteArray();
  }

  /** Writes one frame, {@code [C, H, W]}. */
  private static void take(float[] values, List<Integer> shape, int frame, float[] out) {
    int plane = shape.get(2) * shape.get(3);
    for (int c = 0; c < shape.get(0); c++) {
      System.arraycopy(values, (c * shape.get(1) + frame) * plane, out, c * plane, plane);
    }
  }

  /**
   * Returns the shape of a film's frames with 8 bits, {@code [F, H, W, C]}.
   *
   * @param shape {@code [C, F, H, W]}
   */
  static List<Integer> interleaved(List<Integer> shape) {
    if (shape.size() != AXES) {
      throw new IllegalArgumentException("a film: must be [C, F, H, W], is " + shape);
    }
    return List.of(shape.get(1), shape.get(2), shape.get(3), shape.get(0));
  }
}
