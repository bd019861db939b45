package io.darkroom.onnx;

import io.darkroom.model.ModelCard;
import io.darkroom.model.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Measures the time of a row in calls of 1, 2, 4, ... rows over all lanes, until more rows do not
 * help or the time is over. Each number of rows is run once to warm up and then a few times; the
 * shortest time is used, because disturbances only make a call longer.
 */
final class Profiling {
  private static final int MOST_ROWS = 32;
  private static final int RUNS = 5;

  /** Number of consecutive doublings without benefit after which the measurement ends. */
  private static final int MAX_FLAT = 2;

  private static final double GAIN = 0.97;

  private final LongSupplier nanoClock;
  private final long deadline;

  private Profiling(Opening opening) {
    this.nanoClock = opening.nanoClock();
    this.deadline = nanoClock.getAsLong() + opening.profile().toNanos();
  }

  /**
   * Measures the rows.
   *
   * @param opening has the time limit; a call starts only if it is likely to end in time
   */
  static Profile measure(DenoiserLoading loading, ModelCard card, Opening opening) {
    if (opening.profile().isZero()) {
      return Profile.NONE;
    }
    try (OrtDenoiser denoiser =
        loading.denoiser(BatchSizes.upTo(MOST_ROWS), loading.session().lanes())) {
      int most = denoiser.call(TestInputs.shape(card)).mostRows();
      TestInputs inputs =
          loading.sharedTimestep()
              ? TestInputs.atOneTimestep(card, loading.signature(), most, 1)
              : TestInputs.of(card, loading.signature(), most, 1);
      return new Profiling(opening).measure(denoiser, inputs, most);
    }
  }

  private Profile measure(OrtDenoiser denoiser, TestInputs inputs, int most) {
    List<Profile.Point> points = new ArrayList<>();
    double best = Double.MAX_VALUE;
    int flat = 0;
    for (int rows = 1; rows <= most && flat < MAX_FLAT; rows *= 2) {
      long expected = points.isEmpty() ? 0 : (long) (best * 1e6 * rows);
      if (left() <= 2 * expected) {
        break;
      }
      double millis = millisPerRow(denoiser, inputs, rows);
      points.add(new Profile.Point(rows, millis));
      flat = millis < best * GAIN ? 0 : flat + 1;
      best = Math.min(best, millis);
    }
    return new Profile(points);
  }

  private double millisPerRow(OrtDenoiser denoiser, TestInputs inputs, int rows) {
    int[] order = IntStream.range(0, rows).toArray();
    long shortest = inputs.nanos(nanoClock, denoiser, order);
    for (int run = 0; run < RUNS && left() > shortest; run++) {
      shortest = Math.min(shortest, inputs.nanos(nanoClock, denoiser, order));
    }
    return shortest / 1e6 / rows;
  }

  private long left() {
    return deadline - nanoClock.getAsLong();
  }
}
