package io.darkroom.json;

import io.darkroom.job.Violation;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The violations in a message: the first ones and the number of further ones.
 *
 * @param first at most {@link #MOST} from each check
 * @param more number of further violations
 */
record Found(List<Violation> first, int more) {
  /** Maximum number of listed violations, so that an event fits into a record. */
  static final int MOST = 100;

  private static final Comparator<Violation> ORDER =
      Comparator.comparing(Violation::pointer).thenComparing(Violation::message);

  Found {
    first = List.copyOf(first);
  }

  boolean nothing() {
    return first.isEmpty();
  }

  /** Returns these violations together with others. */
  Found and(List<Violation> others) {
    return new Found(Stream.concat(first.stream(), others.stream()).toList(), more);
  }

  /**
   * Returns the violations in the order of their pointers, without duplicates. Violations beyond
   * the limit are summarised as one.
   */
  List<Violation> listed() {
    List<Violation> all = first.stream().distinct().sorted(ORDER).toList();
    int rest = more + Math.max(0, all.size() - MOST);
    Stream<Violation> last =
        rest == 0 ? Stream.of() : Stream.of(new Violation("", "has " + rest + " more violations"));
    return Stream.concat(all.stream().limit(MOST), last).toList();
  }
}
