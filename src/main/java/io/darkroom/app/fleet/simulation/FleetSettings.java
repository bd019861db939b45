package io.darkroom.app.fleet.simulation;

/**
 * Settings of a simulated fleet. Times are in seconds. {@link #KEDA} has the values of the overlay
 * {@code keda} in {@code deploy/kubernetes}.
 *
 * @param maxWorkers maximum number of workers, 1 or more
 * @param shortestStart shortest time from the decision to start a worker until it takes requests
 * @param longestStart longest time for the same
 * @param interval time between two decisions
 * @param window time window before scaling down, in which the highest wanted number counts
 * @param seed seed of the random start times
 */
public record FleetSettings(
    int maxWorkers,
    double shortestStart,
    double longestStart,
    int interval,
    int window,
    long seed) {
  /**
   * At most eight workers, a start of one to three minutes, a decision every 15 s, and a window of
   * five minutes before scaling down.
   */
  public static final FleetSettings KEDA = new FleetSettings(8, 60, 180, 15, 300, 1);
}
