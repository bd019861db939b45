package io.darkroom.app.fleet.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Turns wishes into numbers of workers, as a horizontal autoscaler does: up at once, at most to
 * double or by four a minute; down to the highest wish of a window, a quarter or one a minute.
 */
final class Autoscaler {
  private static final int MINUTE = 60;
  private static final int UP_PODS = 4;
  private static final double DOWN_SHARE = 0.25;

  private final FleetSettings settings;
  private final Deque<Wish> wishes = new ArrayDeque<>();
  private int minuteBegan;
  private int atMinute;

  Autoscaler(FleetSettings settings) {
    this.settings = settings;
  }

  private record Wish(int second, int workers) {}

  /**
   * The number of workers from now on.
   *
   * @param workers now, those that are starting too
   */
  int decide(int second, int workers, int wanted) {
    if (second - minuteBegan >= MINUTE || second == 0) {
      minuteBegan = second;
      atMinute = workers;
    }
    int bounded = Math.min(wanted, settings.maxWorkers());
    wishes.addLast(new Wish(second, bounded));
    while (wishes.getFirst().second() < second - settings.window()) {
      wishes.removeFirst();
    }
    int highest = wishes.stream().mapToInt(Wish::workers).max().orElse(0);
    if (bounded > workers) {
      return Math.min(bounded, Math.max(2 * atMinute, atMinute + UP_PODS));
    }
    int fewest = atMinute - Math.max(1, (int) (atMinute * DOWN_SHARE));
    return Math.max(Math.min(workers, highest), Math.min(workers, fewest));
  }
}
