package io.darkroom.app.fleet.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Computes the number of workers from the wanted number, as a Kubernetes horizontal pod autoscaler
 * does. It scales up at once, in a minute by at most 100 % or four workers. It scales down to the
 * highest wanted number of a time window, in a minute by at most 25 % or one worker.
 */
final class Autoscaler {
  private static final int MINUTE = 60;
  private static final int UP_PODS = 4;
  private static final double DOWN_SHARE = 0.25;

  private final FleetSettings settings;
  private final Deque<Target> targets = new ArrayDeque<>();
  private int minuteBegan;
  private int atMinute;

  Autoscaler(FleetSettings settings) {
    this.settings = settings;
  }

  private record Target(int second, int workers) {}

  /**
   * Returns the new number of workers.
   *
   * @param workers current number, including workers that are starting
   */
  int decide(int second, int workers, int wanted) {
    if (second - minuteBegan >= MINUTE || second == 0) {
      minuteBegan = second;
      atMinute = workers;
    }
    int bounded = Math.min(wanted, settings.maxWorkers());
    targets.addLast(new Target(second, bounded));
    while (targets.getFirst().second() < second - settings.window()) {
      targets.removeFirst();
    }
    int highest = targets.stream().mapToInt(Target::workers).max().orElse(0);
    if (bounded > workers) {
      return Math.min(bounded, Math.max(2 * atMinute, atMinute + UP_PODS));
    }
    int fewest = atMinute - Math.max(1, (int) (atMinute * DOWN_SHARE));
    return Math.max(Math.min(workers, highest), Math.min(workers, fewest));
  }
}
