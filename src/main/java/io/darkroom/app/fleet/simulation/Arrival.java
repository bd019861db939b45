package io.darkroom.app.fleet.simulation;

/**
 * The arrival of a request in a trace.
 *
 * @param second time of publication in seconds from the start of the trace, 0 or more
 * @param deviceSeconds device time of the request, above 0
 * @param model name of its model; empty if the trace has no models
 */
public record Arrival(double second, double deviceSeconds, String model) {
  public Arrival {
    if (!(second >= 0) || !(deviceSeconds > 0)) {
      throw new IllegalArgumentException(
          "arrival: must have a time of 0 or more and device seconds above 0, has "
              + second
              + " and "
              + deviceSeconds);
    }
  }

  /** Creates an arrival without a model. */
  public Arrival(double second, double deviceSeconds) {
    this(second, deviceSeconds, "");
  }
}
