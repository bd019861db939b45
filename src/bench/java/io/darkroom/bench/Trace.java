package io.darkroom.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A trace on one package.
 *
 * @param model its name
 * @param calls what its network's calls take: they bound what any way of batching can gain
 * @param figures load after load, each way at each
 */
public record Trace(String model, List<Call> calls, List<TraceFigure> figures) {

  public Trace {
    calls = List.copyOf(calls);
    figures = List.copyOf(figures);
  }

  /** A call of the network alone, in time of a processor. */
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
