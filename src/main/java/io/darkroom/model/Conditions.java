package io.darkroom.model;

import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Recognises and plans conditions with all {@link ConditionFamily families}. */
public final class Conditions {
  private static final List<ConditionFamily> FAMILIES =
      ServiceLoader.load(ConditionFamily.class, Conditions.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .sorted(
              Comparator.comparingInt(ConditionFamily::order)
                  .thenComparing(family -> family.getClass().getName()))
          .toList();

  private Conditions() {}

  /** Returns whether a component of a package belongs to a condition. */
  public static boolean covers(String component) {
    return FAMILIES.stream().anyMatch(family -> family.components().contains(component));
  }

  /**
   * Returns the conditions of a package.
   *
   * @throws BrokenPackage if one of them is unsupported, or if no condition fills an input
   */
  public static List<Condition> recognize(PackageFacts facts) throws BrokenPackage {
    List<Condition> found = new ArrayList<>();
    PackageFacts left = facts;
    for (ConditionFamily family : FAMILIES) {
      Optional<? extends Condition> condition = family.recognize(left);
      if (condition.isPresent()) {
        found.add(condition.get());
        left = left.without(condition.get().inputs());
      }
    }
    if (!left.inputs().isEmpty()) {
      TensorInfo input = left.inputs().get(0);
      throw facts.broken(input.name(), "is not an input that can be filled: " + input);
    }
    return found;
  }

  /**
   * Plans the conditions of a request and refuses fields of conditions that the package does not
   * have.
   */
  public static List<ConditionPlan> plan(
      StageRequest request, ModelCard card, Violations violations) {
    List<ConditionPlan> plans = new ArrayList<>();
    for (Condition condition : card.conditions()) {
      plans.add(condition.plan(request, card.name(), violations));
    }
    for (ConditionFamily family : FAMILIES) {
      if (card.conditions().stream().noneMatch(family::makes)) {
        family.refuse(request, card.name(), violations);
      }
    }
    refuseUnread(request, card, plans, violations);
    return plans;
  }

  private static void refuseUnread(
      StageRequest request, ModelCard card, List<ConditionPlan> plans, Violations violations) {
    List<String> read =
        plans.stream()
            .flatMap(plan -> Stream.concat(plan.pictures().stream(), plan.arrays().stream()))
            .toList();
    String rule = "must be left out: " + card.name() + " has no such input";
    for (String name : new TreeSet<>(request.inputs().keySet())) {
      String pointer = StageRequest.inputPointer(name);
      violations.check(read.contains(pointer), pointer, rule);
    }
    for (String name : new TreeSet<>(request.arguments().values().keySet())) {
      boolean known =
          card.sizeFields().contains(name)
              || plans.stream().anyMatch(plan -> plan.arguments().contains(name));
      violations.check(known, "/" + name, rule);
    }
  }

  /** Returns the tensors of an image's rows for all its conditions. */
  public static ConditionPlan.Rows tensors(List<ConditionPlan> plans, ConditionPlan.Inputs inputs) {
    List<Conditioning> conditional = new ArrayList<>();
    List<Conditioning> unconditional = new ArrayList<>();
    int from = 0;
    for (ConditionPlan plan : plans) {
      int to = from + plan.encodings().size();
      ConditionPlan.Rows rows =
          plan.tensors(inputs.withEncoded(inputs.encoded().subList(from, to)));
      conditional.add(rows.conditional());
      unconditional.add(rows.unconditional());
      from = to;
    }
    return new ConditionPlan.Rows(
        Conditioning.merge(conditional), Conditioning.merge(unconditional));
  }
}
