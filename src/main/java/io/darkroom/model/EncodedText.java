package io.darkroom.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** A text encoder's outputs for one text. The arrays must not be changed. Compared by identity. */
public final class EncodedText {
  private final Map<String, float[]> outputs;
  private final int length;
  private final int used;

  /**
   * @param outputs by name: {@code [tokens, width]}, or {@code [width]} if pooled
   * @param length number of tokens, including padding
   * @param used number of tokens before the padding
   */
  public EncodedText(Map<String, float[]> outputs, int length, int used) {
    this.outputs = Map.copyOf(outputs);
    this.length = length;
    this.used = used;
  }

  /** Returns one of the outputs that {@link TextEncoderInfo#outputs} names. */
  public float[] output(String name) {
    return Objects.requireNonNull(outputs.get(name), name);
  }

  /** Returns the bytes of all outputs. */
  public long bytes() {
    return outputs.values().stream().mapToLong(each -> (long) Float.BYTES * each.length).sum();
  }

  /** Returns the number of tokens, including padding. */
  public int length() {
    return length;
  }

  /** Returns 1 for each token of the text and 0 for each padding token. */
  public float[] mask() {
    float[] mask = new float[length];
    Arrays.fill(mask, 0, used, 1);
    return mask;
  }
}
