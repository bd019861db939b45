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
import org.jspecify.annotations.Nullable;

/** Turns finished samples into pictures, one a tick. Engine thread only. */
final class Finisher {
  private final LongSupplier nanoClock;
  private final Deque<Finished> queue = new ArrayDeque<>();

  Finisher(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  private record Finished(Slot slot, Networks networks) {}

  void add(Slot slot, Networks networks) {
    queue.add(new Finished(slot, networks));
  }

  boolean holds(Networks networks) {
    return queue.stream().anyMatch(finished -> finished.networks() == networks);
  }

  /** What the samples that wait take of the Java heap until they are finished pictures. */
  long imageBytes() {
    long taken = 0;
    for (Finished finished : queue) {
      taken += finished.slot().job().imageBytes();
    }
    return taken;
  }

  /** Forgets the samples that nobody waits for. */
  void dropEnded(long nowNanos) {
    if (!queue.isEmpty()) {
      queue.removeIf(finished -> finished.slot().job().over(nowNanos));
    }
  }

  void clear() {
    queue.clear();
  }

  /** Finishes the next picture that anybody still waits for: 1, or 0 where there is none. */
  int finishOne() {
    @Nullable Finished next = queue.poll();
    while (next != null && next.slot().job().ended()) {
      next = queue.poll();
    }
    if (next == null) {
      return 0;
    }
    Finished picture = next;
    FailurePolicy.attempt(picture.slot().job(), () -> finish(picture.slot(), picture.networks()));
    return 1;
  }

  private void finish(Slot slot, Networks networks) {
    Tensor sample = new Tensor(slot.trajectory().result(), slot.shape());
    if (!slot.finite() || !finite(sample.values())) {
      slot.job().broken(ErrorClass.NUMERIC, numeric(slot, "the sample"));
      return;
    }
    Tensor pixels = cropped(slot, pixels(sample, networks));
    if (!finite(pixels.values())) {
      slot.job().broken(ErrorClass.NUMERIC, numeric(slot, "the decoded image"));
      return;
    }
    slot.job()
        .picture(slot.image(), new StageOutcome.Picture(sample, pixels), nanoClock.getAsLong());
  }

  private static Tensor pixels(Tensor sample, Networks networks) {
    Optional<LatentDecoder> decoder = networks.latentDecoder();
    return decoder.isPresent() ? decoder.get().decode(sample) : sample;
  }

  private static Tensor cropped(Slot slot, Tensor pixels) {
    Size result = slot.job().stage().result();
    Shape shape = pixels.shape();
    return Padding.crop(
        pixels, Math.min(shape.height(), result.height()), Math.min(shape.width(), result.width()));
  }

  private static String numeric(Slot slot, String what) {
    return what + " of image " + slot.image() + " contains NaN or infinity";
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
