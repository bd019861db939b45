package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Config;
import io.darkroom.model.ElementType;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.TensorInfo;
import io.darkroom.text.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A class label: an index per row. Unconditional rows have the index of "no label", if the network
 * was trained with one.
 *
 * @param names index of each label by name
 * @param count labels of the network; valid indices are below it
 * @param nullLabel the index of "no label"
 * @param input the network's input
 */
public record ClassLabel(
    Map<String, Integer> names, int count, OptionalInt nullLabel, TensorInfo input)
    implements Condition {

  public ClassLabel {
    names = Map.copyOf(names);
  }

  /** Creates labels of a network whose input is int64. */
  public static ClassLabel of(Map<String, Integer> names, int count, OptionalInt nullLabel) {
    List<Long> dimensions = List.of(TensorInfo.ANY);
    TensorInfo input = new TensorInfo(NetworkNames.CLASS_LABELS, ElementType.INT64, dimensions);
    return new ClassLabel(names, count, nullLabel, input);
  }

  @Override
  public List<TensorInfo> inputs() {
    return List.of(input);
  }

  @Override
  public int labels() {
    return count;
  }

  @Override
  public List<String> labelNames() {
    return names.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public boolean guides() {
    return nullLabel.isPresent();
  }

  @Override
  public String summary() {
    return count + " class labels";
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    Optional<String> label = request.classLabel();
    if (label.isPresent()) {
      int index = index(label.get(), model, violations);
      return new Plan(index, nullLabel.orElse(index), nullLabel.isPresent());
    }
    violations.check(nullLabel.isPresent(), "/class_label", "is required for " + model);
    return new Plan(nullLabel.orElse(0), nullLabel.orElse(0), false);
  }

  private int index(String label, String model, Violations violations) {
    Integer index = names.get(label);
    if (index == null && label.matches("[0-9]{1,9}")) {
      index = Integer.parseInt(label);
    }
    if (index == null || index >= count) {
      String rule = "must be a label of " + model + " or 0 to " + (count - 1);
      violations.add("/class_label", rule + ", is " + Printable.logValue(label));
      return 0;
    }
    return index;
  }

  /** The indices of conditional and unconditional rows. */
  private record Plan(long label, long nullLabel, boolean guides) implements ConditionPlan {

    @Override
    public Rows tensors(Inputs inputs) {
      return new Rows(
          Conditioning.number(NetworkNames.CLASS_LABELS, label),
          Conditioning.number(NetworkNames.CLASS_LABELS, nullLabel));
    }
  }

  /**
   * Recognises the condition by the network's input. Names come from {@code labels.json}: an object
   * of names and indices, or of objects of those; the name {@code none} is the index of "no label".
   * Without the file labels have no names.
   */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {
    private static final String FILE = "labels.json";
    private static final String NONE = "none";
    private static final String TRAINED = "num_embeds_ada_norm";
    private static final String NAMES = "id2label";
    private static final String COUNT = "num_class_embeds";
    private static final String NULL_LABEL = "null_class_label";

    @Override
    public Optional<ClassLabel> recognize(PackageFacts facts) throws BrokenPackage {
      Optional<TensorInfo> input = facts.input(NetworkNames.CLASS_LABELS);
      return input.isPresent() ? Optional.of(labels(facts, input.get())) : Optional.empty();
    }

    private static ClassLabel labels(PackageFacts facts, TensorInfo input) throws BrokenPackage {
      if (input.rank() != 1 || !input.type().number()) {
        throw facts.broken(NetworkNames.CLASS_LABELS, "must be a vector of numbers, is " + input);
      }
      if (facts.config().has(TRAINED)) {
        return ofTransformer(facts, input);
      }
      Optional<Config> file = facts.files().configIfPresent(FILE);
      int count = facts.config().positive(COUNT);
      Map<String, Integer> names = new HashMap<>();
      if (file.isPresent()) {
        collect(file.get(), file.get().values(), count, names);
      }
      Integer none = names.remove(NONE);
      return new ClassLabel(names, count, nullLabel(facts.config(), none, count), input);
    }

    /**
     * Reads the labels of transformers (DiT). "No label" is the index after the others. Names are
     * in the index of the package; several names of one label are separated by commas.
     */
    private static ClassLabel ofTransformer(PackageFacts facts, TensorInfo input)
        throws BrokenPackage {
      Config index = facts.files().config("model_index.json");
      int count = facts.config().positive(TRAINED);
      Map<String, Integer> names = new HashMap<>();
      if (index.value(NAMES) instanceof Map<?, ?> labels) {
        for (Map.Entry<?, ?> label : labels.entrySet()) {
          String key = label.getKey().toString();
          if (!key.matches("[0-9]{1,9}") || Integer.parseInt(key) >= count) {
            throw index.broken(NAMES, "must have keys from 0 to " + (count - 1) + ", has " + key);
          }
          for (String name : label.getValue().toString().split(",", -1)) {
            names.put(name.strip(), Integer.parseInt(key));
          }
        }
      }
      return new ClassLabel(names, count, OptionalInt.of(count), input);
    }

    private static void collect(
        Config file, Map<?, ?> values, int count, Map<String, Integer> names) throws BrokenPackage {
      for (Map.Entry<?, ?> entry : values.entrySet()) {
        String name = entry.getKey().toString();
        if (entry.getValue() instanceof Map<?, ?> group) {
          collect(file, group, count, names);
        } else if (entry.getValue() instanceof Integer index && index >= 0 && index < count) {
          names.put(name, index);
        } else {
          throw file.broken(
              name, "must be an index from 0 to " + (count - 1) + ", is " + entry.getValue());
        }
      }
    }

    private static OptionalInt nullLabel(Config config, @Nullable Integer none, int count)
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

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof ClassLabel;
    }

    @Override
    public void refuse(StageRequest request, String model, Violations violations) {
      violations.check(
          request.classLabel().isEmpty(),
          "/class_label",
          "must be left out: " + model + " has no classes");
    }
  }
}
