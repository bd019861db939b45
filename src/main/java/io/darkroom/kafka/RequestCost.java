package io.darkroom.kafka;

import io.darkroom.json.MessageHeaders;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * The cost of a waiting request.
 *
 * @param model name of the model; the number of different names is small
 * @param prediction predicts the device time at the time of the call; empty if it is not known
 */
public record RequestCost(String model, Supplier<OptionalDouble> prediction) {

  /** Creates a cost that does not change. */
  public RequestCost(String model, OptionalDouble deviceSeconds) {
    this(model, () -> deviceSeconds);
  }

  /** Returns the predicted device time; empty if it is not known. */
  public OptionalDouble deviceSeconds() {
    return prediction.get();
  }

  /** Determines the cost of a request. Called by one thread. */
  @FunctionalInterface
  public interface Source {
    RequestCost of(byte[] body, MessageHeaders headers);
  }
}
