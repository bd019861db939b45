package io.darkroom.app.fleet.simulation;

/**
 * What every simulated fleet has in common; times in seconds. {@link #KEDA} is what the overlay
 * {@code keda} of {@code deploy/kubernetes} sets.
 *
 * @param maxWorkers 1 or more
 * @param shortestStart of a worker, from the decision until it takes requests
 * @param longestStart of a worker
 * @param interval between two decisions
 * @param window in which the highest wish counts before workers are taken away
 * @param seed of the times to start
 */
public record FleetSettings(
    int maxWorkers,
    double shortestStart,
    double longestStart,
    int interval,
    int window,
    long seed) {
  /** Eight workers, a minute to three to start, decisions every 15 s, five minutes to go. */
  public static final FleetSettings KEDA = new FleetSettings(8, 60, 180, 15, 300, 1);
}
