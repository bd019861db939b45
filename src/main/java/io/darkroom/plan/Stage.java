package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import java.util.List;
import java.util.Map;

/**
 * One diffusion pass of a request with one network, complete: nothing about it is decided later.
 *
 * @param model the package
 * @param scheduler class name of the sampler's family, for people
 * @param sampler the solver with its schedule
 * @param guidance how many rows an evaluation has
 * @param conditions of its rows
 * @param base size of the picture that it starts from, else of the result
 * @param inputPixels of all pictures that are read for it
 * @param parts one per image, in order
 */
public record Stage(
    ModelCard model,
    String scheduler,
    Sampler sampler,
    Guidance guidance,
    List<ConditionPlan> conditions,
    Size base,
    long inputPixels,
    List<Part> parts) {

  public Stage {
    conditions = List.copyOf(conditions);
    parts = List.copyOf(parts);
  }

  /**
   * The unit of a slot: one image.
   *
   * @param index of the image in the request, from 0
   * @param seed of its generator, 64 bits unsigned
   * @param noise which numbers it draws
   */
  public record Part(int index, long seed, NoiseKey noise) {}

  /**
   * Which numbers an image draws.
   *
   * @param generator whose numbers
   * @param seed of the generator, shared in batch mode
   * @param slice which part of every draw is this image's
   * @param slices parts of a draw; 1 = the generator is the image's own
   */
  public record NoiseKey(Generator generator, long seed, int slice, int slices) {}

  /** The size of its results. */
  public Size result() {
    return model.resultOf(base);
  }

  /** The shape {@code [C, H, W]} of its samples. */
  public Shape sample() {
    return model.sampleOf(result());
  }

  /** Rows of the network that so many images take. */
  static long rows(int images, int evaluations, Guidance guidance) {
    return (long) images * evaluations * guidance.rows();
  }

  /** Rows of the network that all its parts take. */
  public long rows() {
    return rows(parts.size(), sampler.evaluations(), guidance);
  }

  /** Rows of the network times pixels of the result. */
  public long work() {
    return rows() * result().pixels();
  }

  /** The same pass over a picture whose sides are exchanged. */
  Stage turned() {
    Size other = new Size(/* width= */ base.height(), /* height= */ base.width());
    return startingFrom(other, inputPixels);
  }

  /** The same pass over these inputs. */
  Stage reading(Map<String, InputFacts> inputs) {
    long pixels = inputs.values().stream().mapToLong(input -> input.size().pixels()).sum();
    InputFacts image = inputs.get(StageRequest.IMAGE);
    return startingFrom(image == null ? base : image.size(), pixels);
  }

  private Stage startingFrom(Size other, long pixels) {
    return new Stage(model, scheduler, sampler, guidance, conditions, other, pixels, parts);
  }
}
