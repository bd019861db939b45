package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.image.Resampling;
import io.darkroom.job.Resize;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violation;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One diffusion pass of a request with one network, complete: nothing about it is decided later.
 *
 * @param model the package
 * @param scheduler class name of the sampler's family, for people
 * @param sampler the solver with its schedule
 * @param guidance how many rows an evaluation has
 * @param conditions of its rows
 * @param start what its first samples are made of
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
    Start start,
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

  /** Pointers of the pictures of the request that it reads. */
  public List<String> pictures() {
    return Stream.concat(
            start.pictures().stream(),
            conditions.stream().flatMap(condition -> condition.pictures().stream()))
        .distinct()
        .toList();
  }

  /** Pictures that are encoded before it begins: those of its start, then those of conditions. */
  public List<ConditionPlan.Encoding> encodings() {
    if (!model.space().decoded()) {
      return List.of();
    }
    return Stream.concat(
            start.encodings().stream(),
            conditions.stream().flatMap(condition -> condition.encodings().stream()))
        .toList();
  }

  /** The size in which it takes a picture of a size. */
  public Size taken(String pointer, Size size) {
    return resized(pointer) ? base : size;
  }

  /**
   * A picture as it is taken.
   *
   * @param read {@code [3, h, w]}, as the request gives it
   */
  public Tensor taken(String pointer, Tensor read) {
    Shape shape = read.shape();
    if (!resized(pointer) || (shape.width() == base.width() && shape.height() == base.height())) {
      return read;
    }
    Resampling from = new Resampling(shape.channels(), shape.height(), shape.width());
    float[] values =
        start.resize().orElseThrow() == Resize.FIT
            ? from.fit(read.values(), base.height(), base.width())
            : from.fill(read.values(), base.height(), base.width());
    return new Tensor(values, new Shape(shape.channels(), base.height(), base.width()));
  }

  /** What is wrong with the size of a picture that the request gives. */
  public Optional<Violation> misfit(String pointer, Size size) {
    boolean exact = resized(pointer) && start.resize().orElseThrow() == Resize.EXACT;
    return !exact || size.equals(base)
        ? Optional.empty()
        : Optional.of(
            new Violation(
                pointer,
                "must be %s, is %s; resize fit or fill brings it there".formatted(base, size)));
  }

  private boolean resized(String pointer) {
    return start.resize().isPresent()
        && (pointer.equals(StageRequest.IMAGE) || pointer.equals(StageRequest.MASK));
  }

  /** The same pass over a picture whose sides are exchanged. */
  Stage turned() {
    if (!model.enlarges()) {
      return this;
    }
    Size other = new Size(/* width= */ base.height(), /* height= */ base.width());
    return startingFrom(other, inputPixels);
  }

  /** The same pass over these inputs. */
  Stage reading(Map<String, InputFacts> inputs) {
    long pixels = 0;
    for (Map.Entry<String, InputFacts> input : inputs.entrySet()) {
      pixels += taken(input.getKey(), input.getValue().size()).pixels();
    }
    InputFacts image = inputs.get(StageRequest.IMAGE);
    return startingFrom(image == null || !model.enlarges() ? base : image.size(), pixels);
  }

  private Stage startingFrom(Size other, long pixels) {
    return new Stage(model, scheduler, sampler, guidance, conditions, start, other, pixels, parts);
  }
}
