package io.darkroom.engine;

import java.util.Map;

/**
 * What one row's network is told beside sample and timestep, as tensors. Immutable by agreement:
 * nobody writes to the arrays after construction. Compared by identity.
 */
public final class Conditioning {
  /** Nothing. */
  public static final Conditioning NONE = new Conditioning(Map.of(), Map.of(), new float[0]);

  private final Map<String, Long> integers;
  private final Map<String, float[]> tensors;
  private final float[] channels;

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
