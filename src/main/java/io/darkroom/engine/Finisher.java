package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Size;
import io.darkroom.model.Padding;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns finished samples into pictures, one per iteration. Engine thread only. */
final class Finisher {
  private final LongSupplier nanoClock;
  private final Deque<Finished> queue = new ArrayDeque<>();

  Finisher(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  private record Finished(ActiveJob job, int image, Tensor sample, Networks networks) {}

  /** Adds the finished sample of an image. */
  void add(ActiveJob job, int image, Tensor sample, Networks networks) {
    job.parts().sampled(image, sample);
    queue.add(new Finished(job, image, sample, networks));
  }

  /** The jobs whose samples wait. */
  Stream<ActiveJob> jobs() {
    return queue.stream().map(Finished::job);
  }

  boolean holds(Networks networks) {
    return queue.stream().anyMatch(finished -> finished.networks() == networks);
  }

  /** Bytes of the Java heap for the waiting samples until they are finished pictures. */
  long imageBytes() {
    long taken = 0;
    for (Finished finished : queue) {
      taken += finished.job().imageBytes();
    }
    return taken;
  }

  /** Drops the samples of jobs that have ended. */
  void dropEnded(long nowNanos) {
    if (!queue.isEmpty()) {
      queue.removeIf(finished -> finished.job().over(nowNanos));
    }
  }

  void clear() {
    queue.clear();
  }

  /**
   * Finishes the next picture of a running job. Returns the number of finished pictures, 0 or 1.
   */
  int finishOne() {
    @Nullable Finished next = queue.poll();
    while (next != null && next.job().ended()) {
      next = queue.poll();
    }
    if (next == null) {
      return 0;
    }
    Finished picture = next;
    FailurePolicy.attempt(picture.job(), () -> finish(picture));
    return 1;
  }

  private void finish(Finished finished) {
    ActiveJob job = finished.job();
    int image = finished.image();
    if (!finite(finished.sample().values())) {
      notFinite(job, "the sample", image);
      return;
    }
    Tensor pixels = cropped(job, pixels(finished.sample(), finished.networks()));
    if (!finite(pixels.values())) {
      notFinite(job, "the decoded image", image);
      return;
    }
    StageOutcome.Picture picture = new StageOutcome.Picture(finished.sample(), pixels);
    job.picture(image, picture, nanoClock.getAsLong());
  }

  /** Ends a job whose network returned NaN or infinity. */
  static void notFinite(ActiveJob job, String what, int image) {
    job.broken(ErrorClass.NUMERIC, what + " of image " + image + " contains NaN or infinity");
  }

  private static Tensor pixels(Tensor sample, Networks networks) {
    Optional<LatentCodec> decoder = networks.latentCodec();
    return decoder.isPresent() ? decoder.get().decode(sample) : sample;
  }

  private static Tensor cropped(ActiveJob job, Tensor pixels) {
    Size result = job.stage().result();
    Shape shape = pixels.shape();
    return Padding.crop(
        pixels, Math.min(shape.height(), result.height()), Math.min(shape.width(), result.width()));
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
