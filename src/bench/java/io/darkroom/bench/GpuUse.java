package io.darkroom.bench;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * Use of a GPU, from samples of its driver.
 *
 * @param busy share of the time in which a kernel ran; empty without samples
 * @param mebibytes maximum memory in use
 * @param watts average power
 */
record GpuUse(OptionalDouble busy, OptionalDouble mebibytes, OptionalDouble watts) {
  static final GpuUse UNKNOWN =
      new GpuUse(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

  private static final int BUSY = 0;
  private static final int MEMORY = 1;
  private static final int POWER = 2;

  /** Reads lines such as {@code 97, 12345, 412.50}; other lines are ignored. */
  static GpuUse of(List<String> lines) {
    List<double[]> samples = lines.stream().map(GpuUse::numbers).toList();
    OptionalDouble percent = known(samples, BUSY).average();
    return new GpuUse(
        percent.isPresent() ? OptionalDouble.of(percent.getAsDouble() / 100) : percent,
        known(samples, MEMORY).max(),
        known(samples, POWER).average());
  }

  private static DoubleStream known(List<double[]> samples, int column) {
    return samples.stream()
        .filter(sample -> sample.length > column && !Double.isNaN(sample[column]))
        .mapToDouble(sample -> sample[column]);
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.split(",")).mapToDouble(GpuUse::number).toArray();
  }

  /** The driver prints {@code [N/A]} for an unknown value. */
  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException unknown) {
      return Double.NaN;
    }
  }
}
