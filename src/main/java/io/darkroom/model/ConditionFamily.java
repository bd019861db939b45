package io.darkroom.model;

import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import java.util.Optional;

/**
 * One kind of {@link Condition}: how it is recognised in a package, and what a request must leave
 * out where a package does not have it. One file per kind, found through {@link
 * java.util.ServiceLoader}: nothing else names it.
 */
public interface ConditionFamily {

  /**
   * Families are asked by rising order; an input that one of them fills is not offered to those
   * behind it. Families that are recognised by their channels come first.
   */
  default int order() {
    return 0;
  }

  /**
   * The condition of a package.
   *
   * @return empty where the package has none of this kind
   * @throws BrokenPackage where the package has it, but in a form that cannot be used
   */
  Optional<? extends Condition> recognize(PackageFacts facts) throws BrokenPackage;

  /** Whether a condition is of this kind. */
  boolean makes(Condition condition);

  /**
   * Adds a violation for each field that a request gives for this kind of condition, although the
   * package has none.
   *
   * @param model the package's name, for messages
   */
  default void refuse(StageRequest request, String model, Violations violations) {}
}
