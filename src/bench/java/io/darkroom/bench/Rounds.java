package io.darkroom.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Times of several programs, measured in turn, round by round. */
final class Rounds {
  private final Effort effort;
  private final List<double[]> rounds = new ArrayList<>();

  Rounds(Effort effort) {
    this.effort = effort;
  }

  /** One round: seconds of each program. */
  interface Round {
    double[] seconds() throws ExecutionException, InterruptedException;
  }

  /** Warms up, then measures until it is enough. */
  void measure(Round round) throws ExecutionException, InterruptedException {
    long end = System.nanoTime() + effort.warmUp().toNanos();
    do {
      round.seconds();
    } while (System.nanoTime() < end);
    long begin = System.nanoTime();
    while (!effort.enough(rounds.size(), System.nanoTime() - begin)) {
      rounds.add(round.seconds());
    }
  }

  int count() {
    return rounds.size();
  }

  /** Median of a program's seconds. */
  double median(int program) {
    return Meter.median(rounds.stream().mapToDouble(round -> round[program]).toArray());
  }

  /** Median of the rounds' ratios of two programs. */
  double ratio(int program, int other) {
    return Meter.median(
        rounds.stream().mapToDouble(round -> round[program] / round[other]).toArray());
  }
}
