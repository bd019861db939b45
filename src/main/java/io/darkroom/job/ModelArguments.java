package io.darkroom.job;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Numeric arguments of a request for a network, under the names of the diffusers pipelines. Texts,
 * labels, pictures and sizes are not among them.
 *
 * @param values values of the {@link #FIELDS} that the request has: each is a {@link Number}, a
 *     list of two integers, or a map of integers
 */
public record ModelArguments(Map<String, Object> values) {
  /** Field of the length of a sound. */
  public static final String SECONDS = "audio_length_in_s";

  /** Field of the number of frames of a film. */
  public static final String FRAMES = "num_frames";

  /** Field of the sizes of other sides of a result, by their names. */
  public static final String SIZES = "sizes";

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
          SECONDS,
          FRAMES,
          SIZES);

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

  /** Returns the {@link #SIZES} by name; empty if they are not given. */
  public Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new TreeMap<>();
    if (values.get(SIZES) instanceof Map<?, ?> map) {
      map.forEach((name, size) -> sizes.put((String) name, (Integer) size));
    }
    return sizes;
  }

  /** Returns a copy with defaults for missing values. */
  public ModelArguments withDefaults(Map<String, ?> further) {
    Map<String, Object> all = new HashMap<>(further);
    all.putAll(values);
    Map<String, Integer> sizes = new ModelArguments(new HashMap<>(further)).sizes();
    sizes.putAll(sizes());
    if (!sizes.isEmpty()) {
      all.put(SIZES, Collections.unmodifiableMap(sizes));
    }
    return new ModelArguments(all);
  }
}
