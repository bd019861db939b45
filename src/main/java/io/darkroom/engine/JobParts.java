package io.darkroom.engine;

import io.darkroom.model.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * States of the parts (images) of a job: waiting, sampling, sampled or finished. Engine thread
 * only.
 */
final class JobParts {
  private final StageJob job;
  private final @Nullable Slot[] slots;
  private final @Nullable Tensor[] samples;
  private final StageOutcome.@Nullable Picture[] pictures;
  private final Queue<Slot> paused = new ArrayDeque<>();
  private int started;
  private int finished;
  private int underWay;

  JobParts(StageJob job) {
    this.job = job;
    int parts = job.stage().parts().size();
    this.slots = new Slot[parts];
    this.samples = new Tensor[parts];
    this.pictures = new StageOutcome.Picture[parts];
  }

  int count() {
    return pictures.length;
  }

  /** Number of started parts. */
  int started() {
    return started;
  }

  /** Number of parts that have a slot. */
  int underWay() {
    return underWay;
  }

  /** Starts the next part and returns its index. */
  int start() {
    return started++;
  }

  /** Pauses a part: it gives its slot back and keeps its trajectory. */
  void pause(Slot slot) {
    underWay--;
    paused.add(slot);
  }

  /** Whether a paused part waits for a slot. */
  boolean hasPaused() {
    return !paused.isEmpty();
  }

  /** Resumes the part that was paused first. */
  Slot resume() {
    underWay++;
    return paused.remove();
  }

  /** Marks a part as sampling. */
  void sampling(int part, Slot slot) {
    slots[part] = slot;
    underWay++;
  }

  /** Marks a part as sampled. */
  void sampled(int part, Tensor sample) {
    if (slots[part] != null) {
      slots[part] = null;
      underWay--;
    }
    samples[part] = sample;
  }

  /** Stores the finished picture of a part. Returns whether it was the last one. */
  boolean finish(int part, StageOutcome.Picture picture) {
    pictures[part] = picture;
    finished++;
    return finished == pictures.length;
  }

  /** The finished pictures, in order. */
  List<StageOutcome.Picture> pictures() {
    return Arrays.stream(pictures).flatMap(p -> Optional.ofNullable(p).stream()).toList();
  }

  /** The states of all parts; the result takes over the arrays of the trajectories. */
  List<PartState> leave() {
    return IntStream.range(0, pictures.length).mapToObj(this::leave).toList();
  }

  private PartState leave(int part) {
    Tensor sample = samples[part];
    if (sample != null) {
      return new PartState.Sampled(sample);
    }
    Slot slot = slots[part];
    return slot == null ? job.resume(part) : new PartState.Sampling(slot.trajectory().leave());
  }

  /** Drops all references, because slots may refer to the job for a while after its end. */
  void clear() {
    paused.clear();
    Arrays.fill(pictures, null);
    Arrays.fill(slots, null);
    Arrays.fill(samples, null);
  }
}
