package io.darkroom.bench;

import java.util.OptionalDouble;

/**
 * How a policy served a trace.
 *
 * @param model of the requests
 * @param policy how calls are filled
 * @param load arrivals, as a share of the capacity of continuous batching; empty if all requests
 *     arrive at once
 * @param requests of the trace
 * @param offeredPerSecond arrivals; empty likewise
 * @param servedPerSecond from the first arrival to the last result
 * @param meanMillis from arrival to result
 * @param p50Millis half of the requests took at most so long
 * @param p99Millis 99 of 100 did
 * @param rowsPerCall on average
 * @param toStatic this way's figures by those of static batching at the same load
 */
public record TraceFigure(
    String model,
    String policy,
    OptionalDouble load,
    int requests,
    OptionalDouble offeredPerSecond,
    double servedPerSecond,
    double meanMillis,
    double p50Millis,
    double p99Millis,
    double rowsPerCall,
    Ratios toStatic) {

  /** Above 1 is better for what is served, worse for times. */
  public record Ratios(double served, double mean, double p99) {}
}
