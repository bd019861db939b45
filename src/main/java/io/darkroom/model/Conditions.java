package io.darkroom.model;

import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** The conditions of packages and requests, over every {@link ConditionFamily} there is. */
public final class Conditions {
  private static final List<ConditionFamily> FAMILIES =
      ServiceLoader.load(ConditionFamily.class, Conditions.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .sorted(
              Comparator.comparingInt(ConditionFamily::order)
                  .thenComparing(family -> family.getClass().getName()))
          .toList();

  private Conditions() {}

  /**
   * The conditions of a package.
   *
   * @throws BrokenPackage where one of them cannot be used, or an input is left that none fills
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

  /** Decides the conditions of a request, and refuses fields of those that the package lacks. */
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
    List<String> read = plans.stream().flatMap(plan -> plan.pictures().stream()).toList();
    for (String name : new TreeSet<>(request.inputs().keySet())) {
      String pointer = StageRequest.inputPointer(name);
      violations.check(
          read.contains(pointer),
          pointer,
          "must be left out: " + card.name() + " has no such input");
    }
  }

  /** The tensors of an image's rows under all its conditions. */
  public static ConditionPlan.Rows tensors(List<ConditionPlan> plans, ConditionPlan.Inputs inputs) {
    List<Conditioning> conditional = new ArrayList<>();
    List<Conditioning> unconditional = new ArrayList<>();
    int from = 0;
    int fromEncoded = 0;
    for (ConditionPlan plan : plans) {
      int to = from + plan.texts().size();
      int toEncoded = fromEncoded + plan.encodings().size();
      ConditionPlan.Rows rows =
          plan.tensors(
              new ConditionPlan.Inputs(
                  inputs.sample(),
                  inputs.noise(),
                  inputs.pictures(),
                  inputs.hiddenStates().subList(from, to),
                  inputs.encoded().subList(fromEncoded, toEncoded)));
      conditional.add(rows.conditional());
      unconditional.add(rows.unconditional());
      from = to;
      fromEncoded = toEncoded;
    }
    return new ConditionPlan.Rows(
        Conditioning.merge(conditional), Conditioning.merge(unconditional));
  }
}
