package io.darkroom.kafka;

import io.darkroom.json.MessageHeaders;
import java.util.OptionalDouble;

/**
 * The cost of a waiting request.
 *
 * @param model name of the model; the number of different names is small
 * @param deviceSeconds predicted device time; empty if it is not known
 */
public record RequestCost(String model, OptionalDouble deviceSeconds) {

  /** Determines the cost of a request. Called by one thread. */
  @FunctionalInterface
  public interface Source {
    RequestCost of(byte[] body, MessageHeaders headers);
  }
}
