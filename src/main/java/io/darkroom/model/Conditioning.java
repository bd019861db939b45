package io.darkroom.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors that condition one row, in addition to sample and timestep. Arrays must not be
 * changed after construction. Compared by identity.
 */
public final class Conditioning {
  /** No conditioning. */
  public static final Conditioning NONE = new Conditioning(Map.of(), Map.of(), new float[0]);

  private final Map<String, Long> integers;
  private final Map<String, float[]> tensors;
  private final float[] channels;
  private final int tokens;
  private final String adapter;

  /** Creates the conditioning of one input that receives a number per row. */
  public static Conditioning number(String input, long value) {
    return new Conditioning(Map.of(input, value), Map.of(), new float[0]);
  }

  /** Creates the conditioning of one input that receives a tensor per row. */
  public static Conditioning tensor(String input, float[] values) {
    return new Conditioning(Map.of(), Map.of(input, values), new float[0]);
  }

  /** Creates the conditioning of a network with an adapter. */
  public static Conditioning adapter(String name) {
    return new Conditioning(Map.of(), Map.of(), new float[0], 0, name);
  }

  /**
   * @param integers one number per row, by the network's input name (class_labels)
   * @param tensors one tensor per row, by the network's input name (encoder_hidden_states)
   * @param channels {@code [C, H, W]} further channels after those of the sample; may be empty
   */
  public Conditioning(Map<String, Long> integers, Map<String, float[]> tensors, float[] channels) {
    this(integers, tensors, channels, 0, "");
  }

  private Conditioning(
      Map<String, Long> integers,
      Map<String, float[]> tensors,
      float[] channels,
      int tokens,
      String adapter) {
    this.tokens = tokens;
    this.adapter = adapter;
    this.integers = Map.copyOf(integers);
    this.tensors = Map.copyOf(tensors);
    this.channels = channels;
  }

  /** Returns a conditioning with the same inputs and sizes whose tensors and channels are zero. */
  public Conditioning zeros() {
    Map<String, float[]> zeros = new HashMap<>();
    tensors.forEach((input, values) -> zeros.put(input, new float[values.length]));
    return new Conditioning(integers, zeros, new float[channels.length], tokens, adapter);
  }

  /** Returns a copy whose inputs of open size have {@code count} tokens. */
  public Conditioning ofTokens(int count) {
    return new Conditioning(integers, tensors, channels, count, adapter);
  }

  /** Returns the size of the network's open dimension (other than the rows); 0 if there is none. */
  public int tokens() {
    return tokens;
  }

  /** Returns the name of the network's adapter; empty without one. */
  public String adapter() {
    return adapter;
  }

  /**
   * Combines the conditionings of several conditions; returns the same object if there is only one.
   */
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
    int tokens = parts.stream().mapToInt(Conditioning::tokens).max().orElse(0);
    String adapter =
        parts.stream()
            .map(Conditioning::adapter)
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElse("");
    return new Conditioning(integers, tensors, channels, tokens, adapter);
  }

  /** Returns one number per row, by input name. */
  public Map<String, Long> integers() {
    return integers;
  }

  /** Returns one tensor per row, by input name. */
  public Map<String, float[]> tensors() {
    return tensors;
  }

  /** Returns further channels after those of the sample. */
  public float[] channels() {
    return channels;
  }
}
