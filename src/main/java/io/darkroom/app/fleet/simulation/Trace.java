package io.darkroom.app.fleet.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * Requests over time. The synthetic traces mix two models: {@code small}, whose requests take 2
 * device seconds, and {@code large}, whose requests take 60.
 *
 * @param name name in tables
 * @param arrivals one or more arrivals, ordered by time
 */
public record Trace(String name, List<Arrival> arrivals) {
  /** A request of a synthetic trace. */
  private enum Kind {
    SMALL(2),
    LARGE(60);

    private final double deviceSeconds;

    Kind(double deviceSeconds) {
      this.deviceSeconds = deviceSeconds;
    }

    Arrival at(double second) {
      return new Arrival(second, deviceSeconds, name().toLowerCase(Locale.ROOT));
    }
  }

  private static final double HOUR = 3600;
  private static final double DAY = 24 * HOUR;

  public Trace {
    arrivals = arrivals.stream().sorted(Comparator.comparingDouble(Arrival::second)).toList();
    if (arrivals.isEmpty()) {
      throw new IllegalArgumentException("trace " + name + ": must have an arrival, has none");
    }
  }

  /** Returns the synthetic traces. */
  public static List<Trace> synthetic(long seed) {
    return List.of(steady(seed), bursts(seed), daily(seed));
  }

  /** Eight hours of constant load for three devices. A tenth of the requests are large. */
  static Trace steady(long seed) {
    return poisson("steady", 8 * HOUR, seed, t -> 3, t -> 0.1);
  }

  /**
   * Eight hours with a burst of a few minutes every half hour: alternately 400 small and 40 large
   * requests.
   */
  static Trace bursts(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Arrival> arrivals = new ArrayList<>();
    for (int burst = 0; burst < 16; burst++) {
      boolean large = burst % 2 == 1;
      for (int i = 0; i < (large ? 40 : 400); i++) {
        double second = burst * HOUR / 2 + random.nextDouble(180);
        arrivals.add((large ? Kind.LARGE : Kind.SMALL).at(second));
      }
    }
    return new Trace("bursts", arrivals);
  }

  /**
   * A day with load for six devices at noon and almost none at night. The large requests come at
   * night.
   */
  static Trace daily(long seed) {
    DoubleUnaryOperator noon = t -> (1 - StrictMath.cos(2 * Math.PI * t / DAY)) / 2;
    return poisson(
        "daily",
        DAY,
        seed,
        t -> 0.2 + 5.8 * noon.applyAsDouble(t),
        t -> 0.02 + 0.3 * (1 - noon.applyAsDouble(t)));
  }

  /**
   * Reads a recorded trace. Each line has a time and the device time, both in seconds, and may have
   * the name of the model, separated by commas. Lines that begin with {@code #} are comments.
   *
   * @throws IOException if the file cannot be read or a line has another form
   */
  public static Trace read(Path file) throws IOException {
    List<Arrival> arrivals = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        arrivals.add(arrival(file, number, line));
      }
    }
    try {
      return new Trace(String.valueOf(file.getFileName()), arrivals);
    } catch (IllegalArgumentException empty) {
      throw new IOException(empty.getMessage(), empty);
    }
  }

  private static Arrival arrival(Path file, int number, String line) throws IOException {
    String[] cells = line.split(",", -1);
    try {
      if (cells.length == 2 || cells.length == 3) {
        return new Arrival(
            Double.parseDouble(cells[0].strip()),
            Double.parseDouble(cells[1].strip()),
            cells.length == 2 ? "" : cells[2].strip());
      }
    } catch (IllegalArgumentException malformed) {
      throw new IOException(file + ":" + number + ": " + malformed.getMessage(), malformed);
    }
    throw new IOException(
        file + ":" + number + ": must be SECOND,DEVICE_SECONDS[,MODEL], is " + line);
  }

  /** Returns the time of the last arrival. */
  double length() {
    return arrivals.get(arrivals.size() - 1).second();
  }

  /** Returns the mean device time of a request. */
  double meanDeviceSeconds() {
    return arrivals.stream().mapToDouble(Arrival::deviceSeconds).average().orElseThrow();
  }

  /**
   * Returns a Poisson process of arrivals.
   *
   * @param load device seconds per second, as a function of time
   * @param large share of large requests, as a function of time
   */
  private static Trace poisson(
      String name, double length, long seed, DoubleUnaryOperator load, DoubleUnaryOperator large) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Arrival> arrivals = new ArrayList<>();
    for (double t = 0; t < length; ) {
      double share = large.applyAsDouble(t);
      double mean = share * Kind.LARGE.deviceSeconds + (1 - share) * Kind.SMALL.deviceSeconds;
      t += -StrictMath.log(1 - random.nextDouble()) * mean / load.applyAsDouble(t);
      arrivals.add((random.nextDouble() < share ? Kind.LARGE : Kind.SMALL).at(t));
    }
    return new Trace(name, arrivals);
  }
}
