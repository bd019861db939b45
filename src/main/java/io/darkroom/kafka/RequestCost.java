package io.darkroom.kafka;

import io.darkroom.json.MessageHeaders;
import java.util.OptionalDouble;

/**
 * What a waiting request asks for.
 *
 * @param model its name, one of few
 * @param deviceSeconds predicted; empty where they are not known
 */
public record RequestCost(String model, OptionalDouble deviceSeconds) {

  /** Finds the cost of a request; by one thread. */
  @FunctionalInterface
  public interface Source {
    RequestCost of(byte[] body, MessageHeaders headers);
  }
}
