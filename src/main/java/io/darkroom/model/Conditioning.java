package io.darkroom.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors that condition one row, in addition to sample and timestep. Immutable by agreement:
 * the arrays are not written to after construction. Compared by identity.
 */
public final class Conditioning {
  /** No condition. */
  public static final Conditioning NONE = new Conditioning(Map.of(), Map.of(), new float[0]);

  private final Map<String, Long> integers;
  private final Map<String, float[]> tensors;
  private final float[] channels;

  /** A number per row for one input. */
  public static Conditioning number(String input, long value) {
    return new Conditioning(Map.of(input, value), Map.of(), new float[0]);
  }

  /** A tensor per row for one input. */
  public static Conditioning tensor(String input, float[] values) {
    return new Conditioning(Map.of(), Map.of(input, values), new float[0]);
  }

  /**
   * @param integers one number per row, by the network's input name (class_labels)
   * @param tensors one tensor per row, by the network's input name (encoder_hidden_states)
   * @param channels {@code [C, H, W]} further channels behind the sample's; may be empty
   */
  public Conditioning(Map<String, Long> integers, Map<String, float[]> tensors, float[] channels) {
    this.integers = Map.copyOf(integers);
    this.tensors = Map.copyOf(tensors);
    this.channels = channels;
  }

  /** What several conditions give together; the same object where there is one alone. */
  static Conditioning merge(List<Conditioning> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    Map<String, Long> integers = new HashMap<>();
    Map<String, float[]> tensors = new HashMap<>();
    int size = 0;
    for (Conditioning part : parts) {
      integers.putAll(part.integers);
      tensors.putAll(part.tensors);
      size += part.channels.length;
    }
    float[] channels = new float[size];
    int from = 0;
    for (Conditioning part : parts) {
      System.arraycopy(part.channels, 0, channels, from, part.channels.length);
      from += part.channels.length;
    }
    return new Conditioning(integers, tensors, channels);
  }

  /** One number per row, by input name. */
  public Map<String, Long> integers() {
    return integers;
  }

  /** One tensor per row, by input name. */
  public Map<String, float[]> tensors() {
    return tensors;
  }

  /** Further channels behind the sample's. */
  public float[] channels() {
    return channels;
  }
}
