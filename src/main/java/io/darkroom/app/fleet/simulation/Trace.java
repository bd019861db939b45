package io.darkroom.app.fleet.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * Requests over time. The synthetic ones mix two models: small requests of 2 device seconds and
 * large ones of 60.
 *
 * @param name for people
 * @param arrivals in the order of their times, one or more
 */
public record Trace(String name, List<Arrival> arrivals) {
  private static final double SMALL = 2;
  private static final double LARGE = 60;
  private static final double HOUR = 3600;
  private static final double DAY = 24 * HOUR;

  public Trace {
    arrivals = arrivals.stream().sorted(Comparator.comparingDouble(Arrival::second)).toList();
    if (arrivals.isEmpty()) {
      throw new IllegalArgumentException("trace " + name + ": must have an arrival, has none");
    }
  }

  /** The synthetic traces. */
  public static List<Trace> synthetic(long seed) {
    return List.of(steady(seed), bursts(seed), daily(seed));
  }

  /** Eight hours of the same load, three devices' worth; a tenth of the requests are large. */
  static Trace steady(long seed) {
    return poisson("steady", 8 * HOUR, seed, t -> 3, t -> 0.1);
  }

  /**
   * Eight hours with a burst of a few minutes every half hour, alternately of 400 small requests
   * and of 40 large ones.
   */
  static Trace bursts(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Arrival> arrivals = new ArrayList<>();
    for (int burst = 0; burst < 16; burst++) {
      boolean large = burst % 2 == 1;
      for (int i = 0; i < (large ? 40 : 400); i++) {
        double second = burst * HOUR / 2 + random.nextDouble(180);
        arrivals.add(new Arrival(second, large ? LARGE : SMALL));
      }
    }
    return new Trace("bursts", arrivals);
  }

  /** A day: up to six devices' worth at noon, almost none at night; large requests at night. */
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
   * A recorded trace: lines of a time and device seconds, both in seconds, separated by a comma;
   * lines that begin with {@code #} are comments.
   *
   * @throws IOException where it cannot be read, or a line is no arrival
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
      if (cells.length == 2) {
        return new Arrival(
            Double.parseDouble(cells[0].strip()), Double.parseDouble(cells[1].strip()));
      }
    } catch (IllegalArgumentException malformed) {
      throw new IOException(file + ":" + number + ": " + malformed.getMessage(), malformed);
    }
    throw new IOException(file + ":" + number + ": must be SECOND,DEVICE_SECONDS, is " + line);
  }

  /** When the last request is published. */
  double length() {
    return arrivals.get(arrivals.size() - 1).second();
  }

  /** Device seconds of a request on average. */
  double meanDeviceSeconds() {
    return arrivals.stream().mapToDouble(Arrival::deviceSeconds).average().orElseThrow();
  }

  /**
   * Independent arrivals.
   *
   * @param load device seconds per second at a time
   * @param large share of the requests at a time
   */
  private static Trace poisson(
      String name, double length, long seed, DoubleUnaryOperator load, DoubleUnaryOperator large) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Arrival> arrivals = new ArrayList<>();
    for (double t = 0; t < length; ) {
      double share = large.applyAsDouble(t);
      double mean = share * LARGE + (1 - share) * SMALL;
      t += -StrictMath.log(1 - random.nextDouble()) * mean / load.applyAsDouble(t);
      arrivals.add(new Arrival(t, random.nextDouble() < share ? LARGE : SMALL));
    }
    return new Trace(name, arrivals);
  }
}
