package io.darkroom.bench;

/** Sums up the time of the calling thread between beginnings and ends. */
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
