package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.job.Lora;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.TensorInfo;
import io.darkroom.text.Printable;
import java.util.List;
import java.util.Optional;

/**
 * Low-rank adapters of the network (LoRA, Hu et al. 2021): files of the package that replace the
 * default values of some of the network's inputs in a run. All rows of a call have the same one.
 *
 * @param adapters their names
 */
public record LoraAdapters(List<String> adapters) implements Condition {
  private static final String FIELD = "/loras";

  public LoraAdapters {
    adapters = List.copyOf(adapters);
  }

  @Override
  public List<TensorInfo> inputs() {
    return List.of();
  }

  @Override
  public boolean guides() {
    return false;
  }

  @Override
  public String summary() {
    return "loras " + String.join(", ", adapters);
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    List<Lora> asked = request.loras();
    violations.check(
        asked.size() <= 1,
        FIELD,
        "must have one entry, because adapters replace the same inputs of a network, has "
            + asked.size());
    for (int i = 0; i < asked.size(); i++) {
      check(asked.get(i), FIELD + "/" + i, model, violations);
    }
    return new Plan(asked.isEmpty() ? "" : asked.get(0).model());
  }

  private void check(Lora asked, String at, String model, Violations violations) {
    violations.check(
        adapters.contains(asked.model()),
        at + "/model",
        "must be an adapter of %s (%s), is %s"
            .formatted(model, String.join(", ", adapters), Printable.logValue(asked.model())));
    violations.check(
        asked.scale() == 1,
        at + "/scale",
        "must be 1, because adapters of ONNX Runtime have no scale (export one with its scale), is "
            + asked.scale());
  }

  /**
   * The adapter of a request.
   *
   * @param adapter its name; empty without one
   */
  private record Plan(String adapter) implements ConditionPlan {

    @Override
    public String digested() {
      return adapter.isEmpty() ? "" : "lora " + adapter + "\n";
    }

    @Override
    public Rows tensors(Inputs inputs) {
      return Rows.both(adapter.isEmpty() ? Conditioning.NONE : Conditioning.adapter(adapter));
    }
  }

  /** Recognises the condition by the package's files of adapters. */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {

    @Override
    public Optional<LoraAdapters> recognize(PackageFacts facts) throws BrokenPackage {
      List<String> names = facts.files().adapters();
      return names.isEmpty() ? Optional.empty() : Optional.of(new LoraAdapters(names));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof LoraAdapters;
    }

    @Override
    public void refuse(StageRequest request, String model, Violations violations) {
      violations.check(
          request.loras().isEmpty(), FIELD, "must be left out: " + model + " has no adapters");
    }
  }
}
