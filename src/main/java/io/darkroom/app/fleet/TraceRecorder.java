package io.darkroom.app.fleet;

import io.darkroom.kafka.RequestCost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Collects requests and writes them as a recorded trace for {@code simulate --trace}. */
public final class TraceRecorder {
  private final List<Line> lines = new ArrayList<>();
  private long leftOut;

  private record Line(Instant published, double seconds, String model) {}

  /** Adds a request. Requests without a known device time, and rejected ones, are left out. */
  public void add(Instant published, RequestCost cost) {
    OptionalDouble seconds = cost.deviceSeconds();
    if (seconds.isPresent() && seconds.getAsDouble() > 0) {
      lines.add(new Line(published, seconds.getAsDouble(), cost.model()));
    } else {
      leftOut++;
    }
  }

  /** Returns the number of requests in the trace. */
  public long count() {
    return lines.size();
  }

  /** Returns the number of requests that were left out. */
  public long leftOut() {
    return leftOut;
  }

  /**
   * Writes the trace: a line {@code SECOND,DEVICE_SECONDS,MODEL} for each request, ordered by time;
   * the first request is at second 0.
   *
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    lines.sort(Comparator.comparing(Line::published));
    List<String> text = new ArrayList<>(List.of("# second,device_seconds,model"));
    for (Line line : lines) {
      Duration since = Duration.between(lines.get(0).published(), line.published());
      text.add(
          String.format(
              Locale.ROOT, "%.3f,%.6f,%s", since.toMillis() / 1e3, line.seconds(), line.model()));
    }
    Files.write(file, text);
  }
}
