package io.darkroom.model;

import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import java.util.Optional;
import java.util.Set;

/**
 * One kind of {@link Condition}: how to recognise it in a package, and which fields of a request it
 * refuses if a package does not have it. One file per kind, found through {@link
 * java.util.ServiceLoader}; no other file names it.
 */
public interface ConditionFamily {

  /**
   * Returns the position of the family. Families with lower numbers go first, and an input that one
   * fills is not offered to the following ones. Families that are recognised by channels come
   * first.
   */
  default int order() {
    return 0;
  }

  /**
   * Recognises the condition of a package.
   *
   * @return empty if the package does not have it
   * @throws BrokenPackage if the package has it in an unsupported form
   */
  Optional<? extends Condition> recognize(PackageFacts facts) throws BrokenPackage;

  /**
   * Returns the names of additional components in {@code model_index.json} that this condition
   * uses, or that a render does not need, e.g. a network that made pictures for the training.
   */
  default Set<String> components() {
    return Set.of();
  }

  /** Returns whether a condition is of this kind. */
  boolean makes(Condition condition);

  /**
   * Adds a violation for each field of a request that needs this kind of condition, if the package
   * does not have it.
   *
   * @param model the package's name, for messages
   */
  default void refuse(StageRequest request, String model, Violations violations) {}
}
