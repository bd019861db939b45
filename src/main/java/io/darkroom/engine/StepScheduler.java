package io.darkroom.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scheduling order: which bucket runs next, and which of its slots; also which request gets the
 * next free slot. A pure function of the contenders and the time.
 *
 * <p>The order is by level first: the priority, raised by one per {@code ageing} of waiting. A
 * level that was gained by waiting is kept, up to the highest priority, when the contender is
 * served; otherwise a slot of low priority under constant load would wait as long again for each of
 * its steps. Second is the latest time to start and still meet the deadline, at the measured cost
 * of calls. Third, between buckets, the one that was not called for longest, so that all models are
 * served; within a bucket, first come, first served, which keeps the mean latency low. Free slots
 * go to the request that holds fewest, so that one of many images does not take them all.
 *
 * <p>Nothing starves: a slot at level {@code l} is served at the latest by the call that is {@code
 * slots} calls behind the end of {@code (10 - l) * ageing} of waiting. By then its level is above
 * that of anything of the highest priority that has just come or just been served, so each other
 * slot is served at most once more before it.
 */
final class StepScheduler {
  /** The highest priority that a request may have. */
  static final int HIGHEST = 9;

  private final long ageingNanos;

  /** Something that waits to be served. */
  interface Contender {

    /** Its priority, 0 to 9, with the levels that it keeps from earlier waiting. */
    int level();

    /** Since when, on the engine's clock. */
    long waitingSinceNanos();

    /** When it is of no use any more, on the engine's clock; the latest there is where never. */
    long deadlineNanos();

    /** Time of the calls that it still needs, as measured; 0 where nothing is known yet. */
    long workNanos();

    /** How much it holds already of what is shared out: those that hold less come first. */
    default int held() {
      return 0;
    }

    /** Its place among all, by the time at which they came. */
    long order();

    /** Rows of one call that it takes, all or none. */
    int rows();
  }

  /** Contenders that can share a call, as the policy sees them. */
  interface Line {

    /** Who waits; the policy puts them in the order in which they are served. */
    List<? extends Contender> contenders();

    /** When it was called last, on the engine's clock. */
    long lastCallNanos();

    /** Most rows of one call, 2 or more. */
    int mostRows();
  }

  StepScheduler(long ageingNanos) {
    this.ageingNanos = ageingNanos;
  }

  /** The line to call, its contenders in order; null where none has any. */
  <L extends Line> @Nullable L choose(List<L> lines, long nowNanos) {
    L best = null;
    for (int i = 0; i < lines.size(); i++) {
      L line = lines.get(i);
      if (line.contenders().isEmpty()) {
        continue;
      }
      order(line.contenders(), nowNanos);
      if (best == null || compare(line, best, nowNanos) < 0) {
        best = line;
      }
    }
    return best;
  }

  /**
   * Brings those that fit into one call to the front, in their order: the first, and each of the
   * others that still fits behind those before it.
   *
   * @return how many
   */
  int fill(Line line) {
    return fill(line.contenders(), line.mostRows());
  }

  /** Puts contenders in the order in which they are served. */
  <C extends Contender> void order(List<C> contenders, long nowNanos) {
    // Insertion sort: the order hardly changes from tick to tick, and nothing is allocated.
    for (int i = 1; i < contenders.size(); i++) {
      C contender = contenders.get(i);
      int j = i;
      for (; j > 0 && before(contender, contenders.get(j - 1), nowNanos); j--) {
        contenders.set(j, contenders.get(j - 1));
      }
      contenders.set(j, contender);
    }
  }

  /** The level that a contender has from now on, when its turn has come. */
  int kept(Contender contender, long nowNanos) {
    return (int) Math.min(HIGHEST, standing(contender, nowNanos));
  }

  private static <C extends Contender> int fill(List<C> contenders, int mostRows) {
    int rows = 0;
    int count = 0;
    for (int i = 0; i < contenders.size() && rows < mostRows; i++) {
      C contender = contenders.get(i);
      if (rows + contender.rows() <= mostRows) {
        rows += contender.rows();
        for (int j = i; j > count; j--) {
          contenders.set(j, contenders.get(j - 1));
        }
        contenders.set(count++, contender);
      }
    }
    return count;
  }

  private int compare(Line a, Line b, long nowNanos) {
    Contender first = a.contenders().get(0);
    Contender second = b.contenders().get(0);
    int levels = Long.compare(standing(second, nowNanos), standing(first, nowNanos));
    if (levels != 0) {
      return levels;
    }
    int slack = Long.compare(latest(first), latest(second));
    return slack != 0 ? slack : Long.compare(a.lastCallNanos(), b.lastCallNanos());
  }

  private boolean before(Contender a, Contender b, long nowNanos) {
    int levels = Long.compare(standing(b, nowNanos), standing(a, nowNanos));
    int slack = levels != 0 ? levels : Long.compare(latest(a), latest(b));
    int share = slack != 0 ? slack : Integer.compare(a.held(), b.held());
    return share < 0 || (share == 0 && a.order() < b.order());
  }

  private long standing(Contender contender, long nowNanos) {
    return contender.level() + (nowNanos - contender.waitingSinceNanos()) / ageingNanos;
  }

  /** When it must be called without a break to be done by its deadline. */
  private static long latest(Contender contender) {
    return contender.deadlineNanos() == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : contender.deadlineNanos() - contender.workNanos();
  }
}
