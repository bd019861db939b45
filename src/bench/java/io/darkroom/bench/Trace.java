package io.darkroom.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A trace on one package.
 *
 * @param model name of the package
 * @param calls durations of its network's calls, which limit the gain of any policy of batching
 * @param figures figures of each policy at each load
 */
public record Trace(String model, List<Call> calls, List<TraceFigure> figures) {

  public Trace {
    calls = List.copyOf(calls);
    figures = List.copyOf(figures);
  }

  /** CPU time of a call of the network alone. */
  public record Call(int rows, double millis) {}

  /** {@code emoji-32: a call of 1 row takes 3.40 ms, of 2 rows 5.80 ms}. */
  String curve() {
    return model
        + ": processor time of a call, "
        + calls.stream()
            .map(call -> String.format(Locale.ROOT, "%d rows %.2f ms", call.rows(), call.millis()))
            .collect(Collectors.joining(", "));
  }
}
