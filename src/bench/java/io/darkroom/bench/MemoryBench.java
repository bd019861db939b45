package io.darkroom.bench;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.ModelMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Opens and closes two packages alternately, often enough to show whether memory grows. */
final class MemoryBench {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final EngineLimits ONE_AT_A_TIME =
      new EngineLimits(
          4, Duration.ofSeconds(30), new ModelMemory(OptionalLong.of(1), Set.of(), Duration.ZERO));
  private static final List<MeasuredPackage> PACKAGES =
      List.of(MeasuredPackage.EMOJI_32, MeasuredPackage.SD_MINI);

  private final int cycles;

  MemoryBench(MeasuringTime measuringTime) {
    this.cycles = measuringTime.requests() / PACKAGES.size();
  }

  List<MemoryFigure> measure() throws Exception {
    Path[] folders = PACKAGES.stream().map(MeasuredPackage::folder).toArray(Path[]::new);
    double[] megabytes = new double[cycles];
    try (DirectEngine directEngine =
        new DirectEngine(System::nanoTime, ONE_AT_A_TIME, EngineObserver.NONE, folders)) {
      long begin = System.nanoTime();
      for (int i = 0; i < cycles; i++) {
        for (MeasuredPackage measured : PACKAGES) {
          directEngine.render(
              directEngine.request(measured.request(i, ", \"num_inference_steps\": 1")));
        }
        // Garbage is collected first, because it is not growth.
        System.gc();
        megabytes[i] = residentKilobytes() / 1e3;
      }
      double millis = (System.nanoTime() - begin) / 1e6 / cycles / PACKAGES.size();
      return List.of(figure(megabytes, millis));
    }
  }

  private MemoryFigure figure(double[] megabytes, double millis) {
    int warmUp = cycles / 5;
    int counted = cycles - warmUp;
    double middle = (counted - 1) / 2.0;
    double mean = 0;
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < counted; i++) {
      mean += megabytes[warmUp + i] / counted;
      covariance += (i - middle) * megabytes[warmUp + i];
      variance += (i - middle) * (i - middle);
    }
    double growth = covariance / variance * counted / mean * 100;
    String names = String.join(", ", PACKAGES.stream().map(MeasuredPackage::name).toList());
    return new MemoryFigure(names, cycles, warmUp, mean, growth, millis);
  }

  private static long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException(STATUS + ": has no VmRSS");
  }
}
