package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.job.Size;
import java.util.List;

/**
 * One diffusion pass of a request with one network.
 *
 * @param model the package
 * @param scheduler class name of the sampler's family, for people
 * @param sampler the solver with its schedule
 * @param guidance one or two rows per evaluation
 * @param condition what the network is told beside the sample
 * @param images one per picture, in order
 */
public record Stage(
    ModelCard model,
    String scheduler,
    Sampler sampler,
    Guidance guidance,
    Condition condition,
    List<Image> images) {

  public Stage {
    images = List.copyOf(images);
  }

  /**
   * One picture of the stage.
   *
   * @param index in the request, from 0
   * @param seed of its generator, 64 bits unsigned
   * @param noise which numbers it draws
   */
  public record Image(int index, long seed, NoiseKey noise) {}

  /**
   * Which numbers an image draws.
   *
   * @param generator whose numbers
   * @param seed of the generator, shared in batch mode
   * @param slice which part of every draw is this image's
   * @param slices parts of a draw; 1 = the generator is the image's own
   */
  public record NoiseKey(Generator generator, long seed, int slice, int slices) {}

  /** Rows of the network that all its images take. */
  public long rows() {
    return (long) images.size() * sampler.evaluations() * (guidance.on() ? 2 : 1);
  }

  /**
   * The windows that one picture is denoised in: one now, tiles when pictures outgrow the model.
   *
   * @param base size of the picture that the stage starts from (super-resolution) or of the result
   *     (generation)
   */
  public List<Window> windows(Size base) {
    return List.of(new Window(0, 0, base.width(), base.height()));
  }

  /** A part of the base picture, in its pixels. */
  public record Window(int x, int y, int width, int height) {}

  /** The result's size for a base picture. */
  public Size result(Size base) {
    return model.layout() instanceof ModelCard.Layout.SuperResolution sr
        ? base.times(sr.scale())
        : base;
  }

  /** The sample's shape for a window: pixels through the autoencoder's factor, rounded up. */
  public Shape sample(Window window) {
    ModelCard.Network network = model.network();
    int factor = factor();
    Size result = result(new Size(window.width(), window.height()));
    return new Shape(
        network.sampleChannels(),
        cells(result.height(), factor, network.sizeMultiple()),
        cells(result.width(), factor, network.sizeMultiple()));
  }

  private int factor() {
    return model.layout() instanceof ModelCard.Layout.TextToImage text
        ? text.latents().factor()
        : 1;
  }

  private static int cells(int pixels, int factor, int multiple) {
    int cells = (pixels + factor - 1) / factor;
    return (cells + multiple - 1) / multiple * multiple;
  }
}
