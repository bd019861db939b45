package io.darkroom.bench;

import java.util.OptionalDouble;

/**
 * Figures of a policy on a trace.
 *
 * @param model of the requests
 * @param policy policy of batching
 * @param load arrivals as a share of the capacity of continuous batching; empty if all requests
 *     arrive at once
 * @param requests requests of the trace
 * @param offeredPerSecond arrivals per second; empty if all requests arrive at once
 * @param servedPerSecond requests per second from the first arrival to the last result
 * @param meanMillis mean time from arrival to result
 * @param p50Millis median time
 * @param p99Millis 99th percentile of the time
 * @param rowsPerCall mean rows per call
 * @param toStatic the figures over those of static batching at the same load
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

  /** A ratio above 1 is better for throughput and worse for times. */
  public record Ratios(double served, double mean, double p99) {}
}
