package io.darkroom.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Times of several programs, measured alternately in rounds. */
final class Rounds {
  private final MeasuringTime measuringTime;
  private final List<double[]> rounds = new ArrayList<>();

  Rounds(MeasuringTime measuringTime) {
    this.measuringTime = measuringTime;
  }

  /** One round: seconds of each program. */
  interface Round {
    double[] seconds() throws ExecutionException, InterruptedException;
  }

  /** Warms up, then measures until the effort is reached. */
  void measure(Round round) throws ExecutionException, InterruptedException {
    long end = System.nanoTime() + measuringTime.warmUp().toNanos();
    do {
      round.seconds();
    } while (System.nanoTime() < end);
    long begin = System.nanoTime();
    while (!measuringTime.enough(rounds.size(), System.nanoTime() - begin)) {
      rounds.add(round.seconds());
    }
  }

  int count() {
    return rounds.size();
  }

  /** Returns the median seconds of a program. */
  double median(int program) {
    return Meter.median(rounds.stream().mapToDouble(round -> round[program]).toArray());
  }

  /** Returns the median over the rounds of the ratio of two programs. */
  double ratio(int program, int other) {
    return Meter.median(
        rounds.stream().mapToDouble(round -> round[program] / round[other]).toArray());
  }
}
