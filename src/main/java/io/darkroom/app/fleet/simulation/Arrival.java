package io.darkroom.app.fleet.simulation;

/**
 * A request of a trace.
 *
 * @param second when it is published, from the trace's start, 0 or more
 * @param deviceSeconds that it takes, above 0
 */
public record Arrival(double second, double deviceSeconds) {
  public Arrival {
    if (!(second >= 0) || !(deviceSeconds > 0)) {
      throw new IllegalArgumentException(
          "arrival: must have a time of 0 or more and device seconds above 0, has "
              + second
              + " and "
              + deviceSeconds);
    }
  }
}
