package io.darkroom.json;

import io.darkroom.job.Violation;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is wrong with a message: the first things, and how many more there are.
 *
 * @param first at most {@link #MOST} from each check
 * @param more the others, counted only
 */
record Found(List<Violation> first, int more) {
  /** So many violations are listed; an event has to fit into a record. */
  static final int MOST = 100;

  private static final Comparator<Violation> ORDER =
      Comparator.comparing(Violation::pointer).thenComparing(Violation::message);

  Found {
    first = List.copyOf(first);
  }

  boolean nothing() {
    return first.isEmpty();
  }

  /** These and others. */
  Found and(List<Violation> others) {
    return new Found(Stream.concat(first.stream(), others.stream()).toList(), more);
  }

  /** In order of their pointers, no two alike, the rest beyond a bound as one. */
  List<Violation> listed() {
    List<Violation> all = first.stream().distinct().sorted(ORDER).toList();
    int rest = more + Math.max(0, all.size() - MOST);
    Stream<Violation> last =
        rest == 0 ? Stream.of() : Stream.of(new Violation("", "has " + rest + " more violations"));
    return Stream.concat(all.stream().limit(MOST), last).toList();
  }
}
