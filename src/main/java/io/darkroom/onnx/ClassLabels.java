package io.darkroom.onnx;

import io.darkroom.plan.ModelCard;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The names of class labels: {@code labels.json}, an object of names and indices, or of objects of
 * those; the name {@code none} is the index of "no label". Without the file labels have no names.
 */
final class ClassLabels {
  private static final String NONE = "none";
  private static final String COUNT = "num_class_embeds";
  private static final String NULL_LABEL = "null_class_label";

  private ClassLabels() {}

  static ModelCard.Classes read(Path folder, ConfigFile config) throws BrokenPackage {
    Optional<ConfigFile> labels = ConfigFile.readIfPresent(folder, ModelPackage.LABELS);
    int count = config.positive(COUNT);
    Map<String, Integer> indices = new HashMap<>();
    if (labels.isPresent()) {
      collect(labels.get(), labels.get().values(), count, indices);
    }
    Integer none = indices.remove(NONE);
    return new ModelCard.Classes(indices, count, nullLabel(config, none, count));
  }

  private static void collect(
      ConfigFile file, Map<?, ?> values, int count, Map<String, Integer> indices)
      throws BrokenPackage {
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      String name = entry.getKey().toString();
      if (entry.getValue() instanceof Map<?, ?> group) {
        collect(file, group, count, indices);
      } else if (entry.getValue() instanceof Integer index && index >= 0 && index < count) {
        indices.put(name, index);
      } else {
        throw file.broken(
            name, "must be an index from 0 to " + (count - 1) + ", is " + entry.getValue());
      }
    }
  }

  private static OptionalInt nullLabel(ConfigFile config, @Nullable Integer none, int count)
      throws BrokenPackage {
    OptionalInt label = config.integer(NULL_LABEL);
    if (label.isEmpty()) {
      return none == null ? OptionalInt.empty() : OptionalInt.of(none);
    }
    if (label.getAsInt() >= count) {
      throw config.broken(
          NULL_LABEL, "must be below " + COUNT + " " + count + ", is " + label.getAsInt());
    }
    return label;
  }
}
