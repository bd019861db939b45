package io.darkroom.plan;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * The digest of what a stage computes: sampler, noise levels, timesteps, guidance, sizes, and the
 * noise of every part. Two renders of one request with different digests had different defaults, or
 * schedules that were computed in another way. Numbers are written exactly, in hexadecimal.
 */
public final class PlanDigest {

  private PlanDigest() {}

  /** 64 hexadecimal digits. */
  public static String of(Stage stage) {
    StringBuilder text = new StringBuilder();
    text.append(stage.scheduler()).append('\n');
    text.append(number(stage.guidance().scale())).append(number(stage.guidance().rescale()));
    text.append(stage.base()).append(stage.sample()).append('\n');
    append(text, stage.sampler());
    stage.parts().forEach(part -> append(text, part));
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
  }

  private static void append(StringBuilder text, Stage.Part part) {
    Stage.NoiseKey noise = part.noise();
    text.append(part.index())
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
