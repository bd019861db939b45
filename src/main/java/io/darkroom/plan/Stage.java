package io.darkroom.plan;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.image.Resampling;
import io.darkroom.job.Resize;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Tile;
import io.darkroom.job.Violation;
import io.darkroom.job.Violations;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.DataScaling;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One diffusion pass of a request with one network, completely planned.
 *
 * @param model the model package
 * @param scheduler class name of the sampler's family, for display
 * @param steps steps of its schedule, for display
 * @param sampler the solver with its schedule
 * @param guidance guidance, which determines the rows of an evaluation
 * @param cache caching of the deep part of the network; empty = none
 * @param conditions conditions of its rows
 * @param start input of its first samples
 * @param base size of the picture from which it starts; otherwise the size of the result
 * @param tile the tiles that the request sets; empty if the picture's size determines them
 * @param inputSize numbers of all pictures and tensors that are read for it
 * @param images the images in order
 */
public record Stage(
    ModelCard model,
    String scheduler,
    int steps,
    Sampler sampler,
    Guidance guidance,
    Optional<FeatureCache> cache,
    List<ConditionPlan> conditions,
    Start start,
    Size base,
    Optional<Tile> tile,
    long inputSize,
    List<Image> images) {
  /** JSON pointer of the latents that a stage receives from the previous one. */
  public static final String LATENTS = "/latents";

  /** Maximum numbers of draws that are kept for all images of a batch. */
  private static final long MOST_SHARED = 1 << 24;

  public Stage {
    conditions = List.copyOf(conditions);
    images = List.copyOf(images);
  }

  /** Creates a stage that caches nothing. */
  public Stage(
      ModelCard model,
      String scheduler,
      int steps,
      Sampler sampler,
      Guidance guidance,
      List<ConditionPlan> conditions,
      Start start,
      Size base,
      Optional<Tile> tile,
      long inputSize,
      List<Image> images) {
    this(
        model,
        scheduler,
        steps,
        sampler,
        guidance,
        Optional.empty(),
        conditions,
        start,
        base,
        tile,
        inputSize,
        images);
  }

  /**
   * One result.
   *
   * @param index index of the image in the request, from 0
   * @param seed seed of its generator, 64 bits unsigned
   * @param noise the noise that it draws
   */
  public record Image(int index, long seed, NoiseKey noise) {}

  /**
   * The noise of an image.
   *
   * @param generator the generator
   * @param seed seed of the generator, shared in batch mode
   * @param slice index of this image's part of every draw
   * @param slices number of parts of a draw; 1 = the image has its own generator
   */
  public record NoiseKey(Generator generator, long seed, int slice, int slices) {}

  /** Returns the size of its results. */
  public Size result() {
    return model.resultOf(base);
  }

  /** Returns the tiles of the picture that it enlarges. */
  public Tiling tiling() {
    return model.enlarges() ? tiling(model, tile, base) : Tiling.none(base);
  }

  /** Returns the tiles of a picture that a package enlarges. */
  static Tiling tiling(ModelCard model, Optional<Tile> asked, Size base) {
    return asked
        .or(() -> model.tileFor(base))
        .map(each -> Tiling.of(base, each))
        .orElseGet(() -> Tiling.none(base));
  }

  /** Returns whether there are several tiles. */
  public boolean tiled() {
    return tiling().count() > 1;
  }

  /**
   * Returns the number of parts, each of which needs a slot: images, or all tiles of the first
   * image, then those of the next.
   */
  public int parts() {
    return images.size() * tiling().count();
  }

  /** Returns the image of a part. */
  public Image image(int part) {
    return images.get(part / tiling().count());
  }

  /** Returns the size of a part of a result. */
  public Size partResult() {
    return tiled() ? model.resultOf(tiling().size()) : result();
  }

  /** Returns the shape of the samples of its parts. */
  public Shape sample() {
    return model.sampleOf(partResult());
  }

  /** Returns the elements of the deep feature of a row that is cached; 0 without a cache. */
  public long featureSize() {
    return cache
        .map(each -> model.skips().get(each.depth() - 1).of(sample()).elements())
        .orElse(0L);
  }

  /** Returns the tiles in which a part is decoded; empty if it is decoded as a whole. */
  public Optional<Tiling> decodeTiling() {
    return Tiling.ofLatents(model.space(), sample());
  }

  /** Returns the evaluations of all its parts. */
  public int evaluations() {
    return parts() * sampler.evaluations();
  }

  /** Returns the rows of the network for all its parts. */
  public long rows() {
    return parts() * guidance.rows(sampler.evaluations());
  }

  /** Returns the rows of the network times the pixels of the results of its parts. */
  public long work() {
    return work(parts(), guidance, sampler.evaluations(), partResult().pixels());
  }

  /**
   * Returns the rows of the network times the pixels of the results of parts.
   *
   * @param parts number of parts
   * @param evaluations evaluations of a part
   * @param pixels pixels of the result of a part
   */
  static long work(long parts, Guidance guidance, int evaluations, long pixels) {
    return parts * guidance.rows(evaluations) * pixels;
  }

  /**
   * Returns the number of random numbers that its tiles compute; 0 without tiles. Each tile takes
   * its part of every draw for the whole picture, and a sequential generator must compute all
   * numbers before that part.
   */
  long tileNoise() {
    if (!tiled()) {
      return 0;
    }
    double draws = sampler.drawsUntil(sampler.evaluations());
    long whole = model.sampleOf(result()).elements();
    return (long) (parts() * draws * whole * images.get(0).noise().slices());
  }

  /**
   * Returns the numbers of all draws that its images share in batch mode, if they are computed once
   * for all images; 0 if each image computes the whole batch's draws.
   */
  public long sharedDraws() {
    if (tiled() || images.get(0).noise().slices() == 1) {
      return 0;
    }
    long ofSampler =
        sampler.drawsUntil(sampler.evaluations()) * sample().elements() * images.size();
    long numbers = ofSampler + inputDraws();
    return numbers <= MOST_SHARED ? numbers : 0;
  }

  /**
   * Returns the maximum numbers of the draws of pictures: those of conditions, one for each number
   * of a picture and image, those of encoded latents, and those of the masked picture.
   */
  private long inputDraws() {
    boolean again = start.keep() == Start.Keep.PUT_BACK && model.space().decoded();
    int latents = encodings().size() + (again ? 1 : 0);
    boolean pictures = conditions.stream().anyMatch(each -> !each.pictures().isEmpty());
    return latents * sample().elements() + (pictures ? inputSize * images.size() : 0);
  }

  /** Returns the JSON pointers of the request's pictures that it reads. */
  public List<String> pictures() {
    return Stream.concat(
            start.pictures().stream(),
            conditions.stream().flatMap(condition -> condition.pictures().stream()))
        .distinct()
        .toList();
  }

  /**
   * Returns how a picture of the request is read.
   *
   * @param restored whether results get the range of the picture that is enlarged
   */
  PictureForm form(String pointer, boolean restored) {
    if (!model.enlarges() || !pointer.equals(StageRequest.IMAGE)) {
      return PictureForm.RGB;
    }
    DataScaling scaling = model.space().scaling();
    return new PictureForm(model.sourceChannels(), restored || !scaling.none(), scaling, true);
  }

  /** Returns the JSON pointers of the request's tensors that it reads. */
  public List<String> arrays() {
    return conditions.stream().flatMap(condition -> condition.arrays().stream()).toList();
  }

  /**
   * Returns the pictures that are encoded before it begins: those of its start, then those of
   * conditions.
   */
  public List<ConditionPlan.Encoding> encodings() {
    if (!model.space().decoded()) {
      return List.of();
    }
    return Stream.concat(
            start.encodings().stream(),
            conditions.stream().flatMap(condition -> condition.encodings().stream()))
        .toList();
  }

  /** Returns the JSON pointer of the previous stage's results. */
  public String receivedPointer() {
    return start.from() == Start.From.LATENTS ? LATENTS : StageRequest.IMAGE;
  }

  /** Returns the shape of the previous stage's results: pictures, or their samples. */
  public Shape receivedShape() {
    return start.from() == Start.From.LATENTS
        ? sample()
        : new Shape(model.sourceChannels(), base.height(), base.width());
  }

  /** Returns the shape to which an input is resized; tensors keep their shape. */
  public Shape resize(String pointer, Shape shape) {
    return resized(pointer) ? new Shape(shape.channels(), base.height(), base.width()) : shape;
  }

  /**
   * Returns a picture in the size that the stage needs.
   *
   * @param read {@code [C, h, w]}, as given by the request
   */
  public Tensor resize(String pointer, Tensor read) {
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

  /** Returns the violation of a picture's size; empty if the size is supported. */
  public Optional<Violation> sizeViolation(String pointer, Shape shape) {
    boolean exact = resized(pointer) && start.resize().orElseThrow() == Resize.EXACT;
    return !exact || size(shape).equals(base)
        ? Optional.empty()
        : Optional.of(
            new Violation(
                pointer,
                "must be %s, is %s; set resize to fit or fill".formatted(base, size(shape))));
  }

  private boolean resized(String pointer) {
    return start.resize().isPresent()
        && (pointer.equals(StageRequest.IMAGE) || pointer.equals(StageRequest.MASK));
  }

  /** Returns the stage for a picture whose width and height are exchanged. */
  Stage swapSides() {
    if (!model.enlarges()) {
      return this;
    }
    Size other = new Size(/* width= */ base.height(), /* height= */ base.width());
    return startingFrom(other, inputSize);
  }

  /** Returns a copy that starts from the results of another stage. */
  Stage startFrom(Stage before) {
    return startingFrom(
        before.result(),
        (long) model.sourceChannels() * before.images().size() * before.result().pixels());
  }

  /**
   * Returns a copy with these inputs.
   *
   * @param violations receives a violation for each tensor that does not fit
   */
  Stage withInputs(Map<String, InputFacts> inputs, Violations violations) {
    long size = 0;
    Map<String, Shape> shapes = new HashMap<>();
    for (Map.Entry<String, InputFacts> input : inputs.entrySet()) {
      Shape shape = input.getValue().shape();
      shapes.put(input.getKey(), shape);
      size += resize(input.getKey(), shape).elements();
    }
    InputFacts image = inputs.get(StageRequest.IMAGE);
    Stage read =
        startingFrom(image == null || !model.enlarges() ? base : size(image.shape()), size);
    return arrays().isEmpty() ? read : read.given(shapes, violations);
  }

  private Stage given(Map<String, Shape> shapes, Violations violations) {
    List<ConditionPlan> known = new ArrayList<>();
    Map<String, Integer> sides = new HashMap<>();
    for (ConditionPlan condition : conditions) {
      known.add(condition.given(shapes, images.size(), violations));
      sides.putAll(known.get(known.size() - 1).sides());
    }
    Size size = model.network().layout().with(base, sides);
    return new Stage(
        model, scheduler, steps, sampler, guidance, cache, known, start, size, tile, inputSize,
        images);
  }

  private static Size size(Shape picture) {
    return new Size(picture.width(), picture.height());
  }

  private Stage startingFrom(Size other, long size) {
    return new Stage(
        model,
        scheduler,
        steps,
        sampler,
        guidance,
        cache,
        conditions,
        start,
        other,
        tile,
        size,
        images);
  }
}
