package io.darkroom.engine;

import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.sampler.Known;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.job.StageRequest;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Mask;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import io.darkroom.plan.Start;
import java.util.Objects;

/**
 * The first sample of an image, and the part of the image that is fixed (inpainting). Draws are
 * made in the order of the reference pipelines: the latents of the picture, then the noise, then,
 * if the known part is put back into latents, those of the masked picture, which are not used.
 */
final class FirstSample {
  private static final float[] NONE = {};

  private final float[] sample;
  private final Known known;

  private FirstSample(float[] sample, Known known) {
    this.sample = sample;
    this.known = known;
  }

  static FirstSample of(ActiveJob job, int part, NoiseSource noise) {
    Stage stage = job.stage();
    Start start = stage.start();
    if (start.from() == Start.From.LATENTS) {
      return new FirstSample(handed(job, part).values().clone(), Known.NOTHING);
    }
    float[] clean = start.readsPicture() ? clean(job, part, noise) : NONE;
    float[] drawn = new float[job.sample().size()];
    noise.fill(drawn);
    Known known = known(job, part, clean, drawn);
    Sampler sampler = stage.sampler();
    float[] sample =
        start.from() == Start.From.PICTURE
            ? Trajectory.fromPicture(sampler, clean, drawn)
            : Trajectory.fromNoise(sampler, drawn);
    if (start.keep() == Start.Keep.PUT_BACK && drawsLatents(job, part)) {
      noise.fillShared(new float[drawn.length]);
    }
    return new FirstSample(sample, known);
  }

  /** Returns the first sample, {@code [C, H, W]}, without a copy. */
  float[] sample() {
    return sample;
  }

  /** Returns the fixed part. */
  Known known() {
    return known;
  }

  /** Returns the sample of the previous stage. */
  private static Tensor handed(ActiveJob job, int part) {
    return picture(job, part, Stage.LATENTS);
  }

  /** Returns whether the latents of a picture are drawn: its encoder gives a variance. */
  private static boolean drawsLatents(ActiveJob job, int part) {
    return job.stage().model().space().decoded()
        && ConditionPlan.hasVariance(job.inputs().encoded(part).get(0), job.sample().channels());
  }

  /** Returns the picture as a sample, {@code [C, H, W]}. */
  private static float[] clean(ActiveJob job, int part, NoiseSource noise) {
    return job.stage().model().space().decoded()
        ? ConditionPlan.latents(job.inputs().encoded(part).get(0), job.sample().channels(), noise)
        : picture(job, part, StageRequest.IMAGE).values();
  }

  private static Known known(ActiveJob job, int part, float[] clean, float[] noise) {
    Start.Keep keep = job.stage().start().keep();
    if (keep == Start.Keep.NOTHING) {
      return Known.NOTHING;
    }
    Shape shape = job.sample();
    float[] mask =
        new Mask(picture(job, part, StageRequest.MASK)).black(shape.height(), shape.width());
    return keep == Start.Keep.BY_SAMPLER
        ? Known.bySampler(clean, mask)
        : Known.putBack(clean, mask, noise);
  }

  private static Tensor picture(ActiveJob job, int part, String pointer) {
    return Objects.requireNonNull(job.inputs().pictures(part).get(pointer), pointer);
  }
}
