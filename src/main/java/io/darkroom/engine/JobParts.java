package io.darkroom.engine;

import io.darkroom.diffusion.noise.BatchDraws;
import io.darkroom.diffusion.noise.BatchSlice;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * States of the parts of a job, which are images or tiles of images: waiting, sampling, sampled or
 * finished. Engine thread only.
 */
final class JobParts {
  private final StageJob job;
  private final @Nullable Slot[] slots;
  private final @Nullable Tensor[] samples;
  private final StageOutcome.@Nullable Picture[] pictures;
  private final @Nullable TileCanvas[] canvases;
  private final Queue<Slot> paused = new ArrayDeque<>();
  private final int count;
  private @Nullable BatchDraws shared;
  private int started;
  private int finished;
  private int underWay;

  JobParts(StageJob job) {
    this.job = job;
    this.count = job.stage().parts();
    int images = job.stage().images().size();
    this.slots = new Slot[count];
    this.samples = new Tensor[count];
    this.pictures = new StageOutcome.Picture[images];
    this.canvases = new TileCanvas[count > images ? images : 0];
  }

  int count() {
    return count;
  }

  /** Returns the number of started parts. */
  int started() {
    return started;
  }

  /** Returns the number of parts that have a slot. */
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

  /** Returns whether a paused part waits for a slot. */
  boolean hasPaused() {
    return !paused.isEmpty();
  }

  /** Resumes the part that was paused first. */
  Slot resume() {
    underWay++;
    return paused.remove();
  }

  /** Marks a part as sampling. */
  void setSampling(int part, Slot slot) {
    slots[part] = slot;
    underWay++;
  }

  /** Marks a part as sampled. */
  void setSampled(int part, Tensor sample) {
    if (slots[part] != null) {
      slots[part] = null;
      underWay--;
    }
    samples[part] = sample;
  }

  /**
   * Stores the finished part of a picture. Returns whether it was the last one.
   *
   * @param pixels {@code [C, h, w]}, before the space's scaling to data
   * @param mask mask of the result, if it has one
   */
  boolean finish(int part, Tensor sample, Tensor pixels, Optional<float[]> mask) {
    ModelCard model = job.stage().model();
    Layout layout = model.network().layout();
    int image = job.stage().image(part).index();
    if (canvases.length == 0) {
      Tensor data = model.space().scaling().data(pixels, layout);
      pictures[image] =
          new StageOutcome.Picture(
              sample, mask.map(each -> layout.masked(data, each)).orElse(data));
    } else {
      TileCanvas canvas = canvas(image, pixels);
      canvas.add(part % (count / pictures.length), pixels);
      if (canvas.complete()) {
        Tensor whole = canvas.picture();
        pictures[image] =
            new StageOutcome.Picture(whole, model.space().scaling().data(whole, layout));
        canvases[image] = null;
      }
    }
    finished++;
    return finished == count;
  }

  private TileCanvas canvas(int image, Tensor pixels) {
    TileCanvas canvas = canvases[image];
    if (canvas == null) {
      canvas = new TileCanvas(job.stage(), pixels.shape().channels());
      canvases[image] = canvas;
    }
    return canvas;
  }

  /** Returns the noise of an image, from its first draw on. */
  NoiseSource noise(Stage.NoiseKey key) {
    if (key.slices() == 1) {
      return source(key);
    }
    // A resumed image skips draws, which an image of shared draws would compute and keep.
    if (job.isResumed() || job.stage().sharedDraws() == 0) {
      return new BatchSlice(source(key), key.slices(), key.slice());
    }
    BatchDraws draws = shared;
    if (draws == null) {
      draws = new BatchDraws(source(key), key.slices());
      shared = draws;
    }
    return draws.slice(key.slice());
  }

  private static NoiseSource source(Stage.NoiseKey key) {
    return key.generator().source(key.seed());
  }

  /** Returns the finished pictures, in order. */
  List<StageOutcome.Picture> pictures() {
    return Arrays.stream(pictures).flatMap(p -> Optional.ofNullable(p).stream()).toList();
  }

  /** Returns the states of all parts, which take over the arrays of the trajectories. */
  List<PartState> detach() {
    return IntStream.range(0, count).mapToObj(this::detach).toList();
  }

  private PartState detach(int part) {
    Tensor sample = samples[part];
    if (sample != null) {
      return new PartState.Sampled(sample);
    }
    Slot slot = slots[part];
    return slot == null
        ? job.resume(part)
        : new PartState.Sampling(slot.trajectory().detach(), slot.features());
  }

  /** Drops all references, because slots may refer to the job for a while after its end. */
  void clear() {
    paused.clear();
    shared = null;
    Arrays.fill(pictures, null);
    Arrays.fill(canvases, null);
    Arrays.fill(slots, null);
    Arrays.fill(samples, null);
  }
}
