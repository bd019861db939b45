package io.darkroom.app.fleet;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Milliseconds of a row with a sample of the package's own size, by package. They are read from
 * several sources again and again, because workers measure them after the exporter has started.
 * Used by one thread at a time.
 */
public final class RowTimes {
  /** Minimum time between two reads. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final List<Source> sources;
  private final List<Map<String, Double>> values;
  private final Consumer<String> failed;
  private final LongSupplier nanoClock;
  private boolean read;
  private long readNanos;

  /** Where times come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Returns the times by package, above 0.
     *
     * @throws IOException if they cannot be read now
     */
    Map<String, Double> read() throws IOException;
  }

  /**
   * @param sources the first one that knows a package counts
   * @param failed receives the reason when a source cannot be read; its last times stay valid
   */
  public RowTimes(List<Source> sources, Consumer<String> failed, LongSupplier nanoClock) {
    this.sources = List.copyOf(sources);
    this.values = new ArrayList<>(Collections.nCopies(sources.size(), Map.of()));
    this.failed = failed;
    this.nanoClock = nanoClock;
  }

  /** Reads the sources if the last read is more than 30 s ago. */
  public void refresh() {
    long now = nanoClock.getAsLong();
    if (read && now - readNanos < PAUSE.toNanos()) {
      return;
    }
    read = true;
    readNanos = now;
    for (int i = 0; i < sources.size(); i++) {
      try {
        values.set(i, sources.get(i).read());
      } catch (IOException e) {
        failed.accept("row times: " + e.getMessage());
      }
    }
  }

  /** Returns the milliseconds of a row; empty if no source knows them. */
  public OptionalDouble of(String model) {
    for (Map<String, Double> known : values) {
      Double millis = known.get(model);
      if (millis != null) {
        return OptionalDouble.of(millis);
      }
    }
    return OptionalDouble.empty();
  }
}
