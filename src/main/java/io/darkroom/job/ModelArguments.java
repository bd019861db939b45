package io.darkroom.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Numeric arguments of a request for a network, under the names of the diffusers pipelines. Texts,
 * labels, pictures and sizes are not among them.
 *
 * @param values values of the {@link #FIELDS} that the request has: each is a {@link Number} or a
 *     list of two integers
 */
public record ModelArguments(Map<String, Object> values) {
  /** The supported fields. */
  public static final List<String> FIELDS =
      List.of(
          "original_size",
          "crops_coords_top_left",
          "target_size",
          "aesthetic_score",
          "negative_aesthetic_score",
          "max_sequence_length",
          "clip_skip",
          "true_cfg_scale",
          "audio_length_in_s");

  /** No arguments. */
  public static final ModelArguments NONE = new ModelArguments(Map.of());

  public ModelArguments {
    values = Map.copyOf(values);
  }

  /** Returns a pair of integers; empty if it is not given. */
  public Optional<List<Integer>> pair(String field) {
    return values.get(field) instanceof List<?> pair
        ? Optional.of(pair.stream().map(Integer.class::cast).toList())
        : Optional.empty();
  }

  /** Returns a number; empty if it is not given. */
  public OptionalDouble number(String field) {
    return values.get(field) instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** Returns a copy with defaults for missing values. */
  public ModelArguments withDefaults(Map<String, ?> further) {
    Map<String, Object> all = new HashMap<>(further);
    all.putAll(values);
    return new ModelArguments(all);
  }
}
