package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.model.Padding;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns finished samples into pictures, few per iteration. Engine thread only. */
final class Finisher {
  private final LongSupplier nanoClock;
  private final Deque<Finished> queue = new ArrayDeque<>();

  Finisher(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  private record Finished(ActiveJob job, int part, Tensor sample, Networks networks) {

    /** Returns whether it can be decoded with others. */
    boolean sharesDecoding(List<Finished> others) {
      return others.stream()
          .allMatch(
              other ->
                  networks == other.networks
                      && sample.shape().equals(other.sample.shape())
                      && decoder().isPresent() == other.decoder().isPresent());
    }

    /** Returns the decoder that makes its picture; empty if the sample itself is the result. */
    Optional<LatentCodec> decoder() {
      return job.job().decoded() ? networks.latentCodec() : Optional.empty();
    }
  }

  /** Adds the finished sample of a part. */
  void add(ActiveJob job, int part, Tensor sample, Networks networks) {
    job.parts().setSampled(part, sample);
    queue.add(new Finished(job, part, sample, networks));
  }

  /** Returns the jobs whose samples wait. */
  Stream<ActiveJob> jobs() {
    return queue.stream().map(Finished::job);
  }

  boolean uses(Networks networks) {
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
      queue.removeIf(finished -> finished.job().endIfDue(nowNanos));
    }
  }

  void clear() {
    queue.clear();
  }

  /**
   * Finishes the next picture of a running job, and with it as many of the same model as the
   * decoder takes at once. Returns the number of pictures.
   */
  int finish() {
    if (queue.isEmpty()) {
      return 0;
    }
    List<Finished> next = next();
    List<Tensor> pixels = decodeTogether(next);
    for (int i = 0; i < next.size(); i++) {
      Finished each = next.get(i);
      @Nullable Tensor own = pixels.isEmpty() ? null : pixels.get(i);
      if (!each.job().ended()) {
        FailurePolicy.attempt(each.job(), () -> finish(each, own));
      }
    }
    return next.size();
  }

  private List<Finished> next() {
    List<Finished> next = new ArrayList<>();
    int most = 1;
    @Nullable Finished first = queue.peek();
    while (first != null && next.size() < most && first.sharesDecoding(next)) {
      queue.remove();
      if (!first.job().ended()) {
        next.add(first);
        most = lanes(first);
      }
      first = queue.peek();
    }
    return next;
  }

  private static int lanes(Finished finished) {
    return finished.decoder().map(codec -> codec.lanes(finished.sample().shape())).orElse(1);
  }

  /** Decodes several samples in one call; returns no pictures if the decoder refuses them. */
  private static List<Tensor> decodeTogether(List<Finished> several) {
    if (several.size() < 2) {
      return List.of();
    }
    LatentCodec decoder = several.get(0).decoder().orElseThrow();
    try {
      return decoder.decode(several.stream().map(Finished::sample).toList());
    } catch (RuntimeException failure) {
      if (failure instanceof DeviceFailure device && device.kind() == DeviceFailure.Kind.LOST) {
        throw failure;
      }
      // Decodes each alone, because only one may be faulty, and a single one needs less memory.
      return List.of();
    }
  }

  private void finish(Finished finished, @Nullable Tensor decoded) {
    ActiveJob job = finished.job();
    int part = finished.part();
    if (!finished.sample().isFinite()) {
      notFinite(job, "the sample", part);
      return;
    }
    Optional<Tensor> whole = decoded == null ? pixels(finished) : Optional.of(decoded);
    if (whole.isEmpty()) {
      return;
    }
    Tensor pixels = cropped(job, whole.get());
    if (!pixels.isFinite()) {
      notFinite(job, "the decoded image", part);
      return;
    }
    job.addPicture(part, finished.sample(), pixels, nanoClock.getAsLong());
  }

  /** Ends a job whose network returned NaN or infinity. */
  static void notFinite(ActiveJob job, String what, int part) {
    int image = job.stage().image(part).index();
    job.fail(ErrorClass.NUMERIC, what + " of image " + image + " contains NaN or infinity");
  }

  /** Returns the picture; empty if the job has ended between two tiles of it. */
  private Optional<Tensor> pixels(Finished finished) {
    Optional<LatentCodec> decoder = finished.decoder();
    BooleanSupplier ended = () -> finished.job().endIfDue(nanoClock.getAsLong());
    return decoder.isPresent()
        ? decoder.get().decode(finished.sample(), ended)
        : Optional.of(finished.sample());
  }

  private static Tensor cropped(ActiveJob job, Tensor pixels) {
    Shape result = job.stage().model().resultShape(job.stage().partResult());
    Shape shape = pixels.shape();
    return Padding.crop(pixels, shape.atMost(result));
  }
}
