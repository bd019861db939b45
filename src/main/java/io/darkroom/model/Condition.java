package io.darkroom.model;

import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import java.util.List;
import java.util.OptionalInt;

/**
 * A condition of a package's denoising network: what it takes from one source in addition to sample
 * and timestep, such as a prompt, a class label or a picture. An immutable fact of one package,
 * found by its {@link ConditionFamily}. Compared by value.
 */
public interface Condition {

  /**
   * The network's inputs that it fills. The first dimension is the rows, the others are known;
   * inputs of one dimension take a number per row, the others a tensor.
   */
  List<TensorInfo> inputs();

  /** Channels that it puts behind those of the sample. */
  default int channels() {
    return 0;
  }

  /** How many values the numbers that it fills in may have, from 0; for the self-test. */
  default int labels() {
    return 1;
  }

  /** How much larger the result is than the picture that the request gives; empty without one. */
  default OptionalInt scale() {
    return OptionalInt.empty();
  }

  /** Token ids per text, where it needs the package's text encoder. */
  default OptionalInt tokens() {
    return OptionalInt.empty();
  }

  /** Whether guidance is possible: whether there is an unconditional form of it. */
  boolean guides();

  /** Whether it is the picture that is changed and the mask of where: an inpainting network. */
  default boolean paintsAround() {
    return false;
  }

  /** Whether it is the guidance scale, so that no unguided row is needed for guidance. */
  default boolean embedsGuidance() {
    return false;
  }

  /** What a request gives for it, in a few words, e.g. {@code prompt of 77 tokens}. */
  String summary();

  /**
   * Decides what the rows of a request are conditioned on.
   *
   * @param model the package's name, for messages
   * @param violations collects what is wrong; the plan is of no use then
   */
  ConditionPlan plan(StageRequest request, String model, Violations violations);
}
