package io.darkroom.bench;

/** Sums the time of the calling thread between starts and stops. */
final class Stopwatch {
  private long wall;
  private long cpu;

  void begin() {
    cpu -= Meter.cpuNanos();
    wall -= System.nanoTime();
  }

  void end() {
    wall += System.nanoTime();
    cpu += Meter.cpuNanos();
  }

  long wall() {
    return wall;
  }

  long cpu() {
    return cpu;
  }
}
