package io.darkroom.engine;

import io.darkroom.model.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How far each part of a job is: waiting, sampling, sampled or finished. Engine thread only. */
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

  /** Parts that were started. */
  int started() {
    return started;
  }

  /** Parts that have a slot. */
  int underWay() {
    return underWay;
  }

  /** Starts the next part: its index. */
  int start() {
    return started++;
  }

  /** A part gives its slot back, and keeps its trajectory. */
  void pause(Slot slot) {
    underWay--;
    paused.add(slot);
  }

  /** Whether a part waits for a slot again. */
  boolean hasPaused() {
    return !paused.isEmpty();
  }

  /** A part that was paused gets a slot again. */
  Slot resume() {
    underWay++;
    return paused.remove();
  }

  /** A part is under way. */
  void sampling(int part, Slot slot) {
    slots[part] = slot;
    underWay++;
  }

  /** The evaluations of a part are done. */
  void sampled(int part, Tensor sample) {
    if (slots[part] != null) {
      slots[part] = null;
      underWay--;
    }
    samples[part] = sample;
  }

  /** The picture of a part is finished; whether it was the last one. */
  boolean finish(int part, StageOutcome.Picture picture) {
    pictures[part] = picture;
    finished++;
    return finished == pictures.length;
  }

  /** The finished pictures, in order. */
  List<StageOutcome.Picture> pictures() {
    return Arrays.stream(pictures).flatMap(p -> Optional.ofNullable(p).stream()).toList();
  }

  /** How far every part is; the arrays of trajectories go to the result. */
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

  /** Drops all references: slots may know the job for a while after its end. */
  void clear() {
    paused.clear();
    Arrays.fill(pictures, null);
    Arrays.fill(slots, null);
    Arrays.fill(samples, null);
  }
}
