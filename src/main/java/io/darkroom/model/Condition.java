package io.darkroom.model;

import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A condition of a package's denoising network: what it reads from one source in addition to sample
 * and timestep, such as a prompt, a class label or a picture. An immutable fact of one package,
 * recognised by its {@link ConditionFamily}. Compared by value.
 */
public interface Condition {

  /**
   * Returns the network's inputs that the condition fills. The first dimension is the rows and the
   * others are known. An input of one dimension receives a number per row, the others a tensor.
   */
  List<TensorInfo> inputs();

  /** Returns the channels that the condition appends to those of the sample. */
  default int channels() {
    return 0;
  }

  /**
   * Returns the number of valid values, counted from 0, of the numbers that the condition fills in;
   * for the self-test.
   */
  default int labels() {
    return 1;
  }

  /**
   * Returns the names of these values that a request may give, in their order; empty if there are
   * none.
   */
  default List<String> labelNames() {
    return List.of();
  }

  /**
   * Returns how many times larger the result is than the request's picture; empty if there is no
   * such picture.
   */
  default OptionalInt scale() {
    return OptionalInt.empty();
  }

  /**
   * Returns the text encoders of the package that the condition needs, in the order of the
   * request's texts.
   */
  default List<TextEncoderInfo> textEncoders() {
    return List.of();
  }

  /** Returns the names of the adapters that a request can put on the network. */
  default List<String> adapters() {
    return List.of();
  }

  /** Returns the size of an open dimension of its inputs (other than the rows) in the self-test. */
  default int tokens() {
    return 1;
  }

  /**
   * Returns the network's inputs for samples of a shape; dimensions that do not follow from the
   * shape are open.
   */
  default List<TensorInfo> inputs(Layout layout, Shape sample) {
    return inputs();
  }

  /** Returns the names of the sides of a sample that the request's tensors determine. */
  default Set<String> sides() {
    return Set.of();
  }

  /** Returns whether guidance is possible: whether the condition has an unconditional form. */
  boolean guides();

  /** Returns whether the condition is the start picture and its mask: an inpainting network. */
  default boolean paintsAround() {
    return false;
  }

  /** Returns a short description of what a request gives, e.g. {@code prompt of 77 tokens}. */
  String summary();

  /**
   * Plans the condition of a request's rows.
   *
   * @param model the package's name, for messages
   * @param violations receives violations; if there are any, the plan must not be used
   */
  ConditionPlan plan(StageRequest request, String model, Violations violations);
}
