package io.darkroom.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scheduling order: which bucket runs next, which of its slots run, and which request gets the next
 * free slot. A pure function of the contenders and the time.
 *
 * <p>The first criterion is the level: the priority, plus one for each {@code ageing} of waiting. A
 * level that was gained by waiting is kept, up to the highest priority, when the contender is
 * served. Otherwise a slot of low priority under constant load would wait as long again for each of
 * its steps. The second criterion is the latest time to start that still meets the deadline, with
 * the measured duration of calls. The third, between buckets, is the time of the last call, oldest
 * first, so that all models are served; within a bucket the request with the fewest slots comes
 * first, so that it does not wait for each step of a request of many images, then the one that came
 * first, which keeps the mean latency low. Free slots go to the tenant that holds fewest for its
 * weight, and of its requests to the one that holds fewest, so that neither a tenant of many
 * requests nor a request of many images takes them all.
 *
 * <p>Waiting is bounded: a slot at level {@code l} is served after at most {@code (10 - l) *
 * ageing} and {@code slots} calls. After that time its level is above the level of any contender of
 * the highest priority that arrived or was served just now. So each other slot is served at most
 * once more before it.
 */
final class CallScheduler {
  /** The highest priority that a request may have. */
  static final int HIGHEST = 9;

  private final long ageingNanos;

  /** A slot or request that waits to be served. */
  interface Contender {

    /** Returns its priority, 0 to 9, plus the levels that it keeps from earlier waiting. */
    int level();

    /** Returns the start of its wait, on the engine's clock. */
    long waitingSinceNanos();

    /** Returns its deadline on the engine's clock; the maximum value if it has none. */
    long deadlineNanos();

    /** Returns the measured duration of the calls that it still needs; 0 if not known yet. */
    long workNanos();

    /** Returns the slots of all contenders of its tenant, divided by the weight of the tenant. */
    default double tenantLoad() {
      return 0;
    }

    /** Returns the number of slots that it holds; contenders with fewer come first. */
    default int held() {
      return 0;
    }

    /** Returns its position in order of arrival. */
    long order();

    /** Returns the rows that it needs in one call. */
    int rows();
  }

  /** Contenders that can share a call. */
  interface Line {

    /**
     * Returns the waiting contenders; the scheduler sorts them in place into the order of service.
     */
    List<? extends Contender> contenders();

    /** Returns the time of its last call, on the engine's clock. */
    long lastCallNanos();

    /** Returns the maximum rows of one call, at least 2. */
    int mostRows();
  }

  CallScheduler(long ageingNanos) {
    this.ageingNanos = ageingNanos;
  }

  /**
   * Returns the line to call next, with its contenders in order; null if no line has contenders.
   */
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
   * Moves the contenders that fit into one call to the front and keeps their order: the first one,
   * and each other one that still fits.
   *
   * @return their number
   */
  int fill(Line line) {
    return fill(line.contenders(), line.mostRows());
  }

  /** Sorts contenders into the order of service. */
  <C extends Contender> void order(List<C> contenders, long nowNanos) {
    // Insertion sort: the order changes little between iterations, and nothing is allocated.
    for (int i = 1; i < contenders.size(); i++) {
      C contender = contenders.get(i);
      int j = i;
      for (; j > 0 && before(contender, contenders.get(j - 1), nowNanos); j--) {
        contenders.set(j, contenders.get(j - 1));
      }
      contenders.set(j, contender);
    }
  }

  /** Returns the level that a contender keeps after it is served. */
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
    int tenants = slack != 0 ? slack : Double.compare(a.tenantLoad(), b.tenantLoad());
    int share = tenants != 0 ? tenants : Integer.compare(a.held(), b.held());
    return share < 0 || (share == 0 && a.order() < b.order());
  }

  private long standing(Contender contender, long nowNanos) {
    return contender.level() + (nowNanos - contender.waitingSinceNanos()) / ageingNanos;
  }

  /** Returns the latest time to start so that it meets its deadline without a pause. */
  private static long latest(Contender contender) {
    return contender.deadlineNanos() == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : contender.deadlineNanos() - contender.workNanos();
  }
}
