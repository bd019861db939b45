package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * Computes a digest of everything that determines the numbers of a stage: sampler, noise levels,
 * timesteps, guidance, sizes, arguments of conditions, and the noise of every image. If two renders
 * of one request have different digests, their defaults differed or their schedules were computed
 * differently. Numbers are written exactly, in hexadecimal.
 */
public final class PlanDigest {

  private PlanDigest() {}

  /** Returns 64 hexadecimal digits. */
  public static String of(Stage stage) {
    StringBuilder text = new StringBuilder();
    text.append(stage.scheduler()).append('\n');
    text.append(number(stage.guidance().scale())).append(number(stage.guidance().rescale()));
    Guidance.Interval interval = stage.guidance().interval();
    if (!interval.equals(Guidance.Interval.WHOLE)) {
      text.append(number(interval.from())).append(number(interval.to()));
    }
    stage
        .cache()
        .ifPresent(
            cache ->
                text.append("cache ").append(cache.interval()).append(' ').append(cache.depth()));
    text.append(stage.base()).append(stage.sample()).append('\n');
    append(text, stage.sampler());
    if (stage.tiled()) {
      text.append(stage.tiling().tile()).append('\n');
    }
    stage
        .decodeTiling()
        .ifPresent(tiles -> text.append("decode ").append(tiles.tile()).append('\n'));
    stage.conditions().forEach(condition -> text.append(condition.digested()));
    stage.images().forEach(image -> append(text, image));
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void append(StringBuilder text, Sampler sampler) {
    text.append(number(sampler.initialScale())).append('\n');
    for (int k = 0; k < sampler.evaluations(); k++) {
      Level level = sampler.level(k);
      text.append(number(sampler.timestep(k)))
          .append(number(level.alpha()))
          .append(number(level.sigma()))
          .append(number(sampler.inputScale(k)))
          .append(number(sampler.sampleFactor(k)))
          .append(number(sampler.outputFactor(k)))
          .append(sampler.draws(k))
          .append('\n');
    }
    if (sampler.clampsEachStep()) {
      text.append("clamp_each_step\n");
    }
  }

  private static void append(StringBuilder text, Stage.Image image) {
    Stage.NoiseKey noise = image.noise();
    text.append(image.index())
        .append(' ')
        .append(noise.seed())
        .append(' ')
        .append(noise.slice())
        .append(' ')
        .append(noise.slices())
        .append('\n');
  }

  private static String number(double value) {
    return Double.toHexString(value) + " ";
  }
}
