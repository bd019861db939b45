package io.darkroom.engine;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One running image with its arrays. Engine thread only. */
final class Slot implements StepScheduler.Contender {
  /** Number of elements below which waking a thread costs more than the draw. */
  private static final int WORTH_A_THREAD = 1 << 13;

  private final ActiveJob job;
  private final int image;
  private final Shape sample;
  private final Trajectory trajectory;
  private final NoiseAhead noise;
  private final Guidance guidance;
  private final Conditioning conditional;
  private final Conditioning unconditional;
  private @Nullable Bucket bucket;
  private int level;
  private long waitingSinceNanos;

  Slot(
      ActiveJob job,
      int image,
      Shape sample,
      Trajectory trajectory,
      NoiseAhead noise,
      ConditionPlan.Rows conditions) {
    this.job = job;
    this.image = image;
    this.sample = sample;
    this.trajectory = trajectory;
    this.noise = noise;
    this.guidance = job.stage().guidance();
    this.conditional = conditions.conditional();
    this.unconditional = conditions.unconditional();
  }

  ActiveJob job() {
    return job;
  }

  int image() {
    return image;
  }

  Shape shape() {
    return sample;
  }

  Trajectory trajectory() {
    return trajectory;
  }

  /** The result of a finished trajectory, not a copy. */
  Tensor result() {
    return new Tensor(trajectory.result(), sample);
  }

  @Override
  public int rows() {
    return guidance.rows();
  }

  @Override
  public int level() {
    return level;
  }

  @Override
  public long waitingSinceNanos() {
    return waitingSinceNanos;
  }

  @Override
  public long deadlineNanos() {
    return job.deadlineNanos();
  }

  @Override
  public long workNanos() {
    return bucket == null ? 0 : (trajectory.wanted() - trajectory.done()) * bucket.callNanos();
  }

  @Override
  public long order() {
    return job.order();
  }

  /** Sets the bucket whose calls it shares. */
  void joins(Bucket others) {
    bucket = others;
  }

  /** Sets the start of its wait for the next call, and its level. */
  void waits(int newLevel, long sinceNanos) {
    level = newLevel;
    waitingSinceNanos = sinceNanos;
  }

  /** Writes the rows of this slot, starting at {@code row}. Returns the next row. */
  int fill(Denoiser.Call call, int row) {
    if (guidance.on()) {
      fill(call, row, unconditional);
      fill(call, row + 1, conditional);
      return row + 2;
    }
    fill(call, row, conditional);
    return row + 1;
  }

  /** Starts drawing the noise of the current step in another thread, if it is large enough. */
  void drawAhead(Executor others) {
    boolean draws = job.stage().sampler().draws(trajectory.done()) > 0;
    if (draws && trajectory.size() >= WORTH_A_THREAD && noise.want()) {
      others.execute(noise);
    }
  }

  /** Writes a padding row, whose output is discarded. */
  void fillPadding(Denoiser.Call call, int row) {
    fill(call, row, conditional);
  }

  private void fill(Denoiser.Call call, int row, Conditioning conditioning) {
    trajectory.writeInput(call.sample(row));
    call.timestep(row, trajectory.timestep());
    call.condition(row, conditioning);
  }

  /**
   * Reads the results of this slot, starting at {@code row}, and moves the image. Returns the next
   * row.
   */
  int take(Denoiser.Call call, int row, float[] output, float[] guided) {
    call.output(row, output);
    int next = row + 1;
    if (guidance.on()) {
      call.output(next++, guided);
      guidance.apply(guided, output, output.length);
    }
    trajectory.denoise(output);
    job.listener().denoised(image, trajectory.done() + 1, output);
    trajectory.accept(output);
    job.progress().evaluated(rows());
    return next;
  }

  /**
   * Whether every number of the sample is finite: zero times NaN or infinity is NaN. There are
   * several sums, because each addition must wait for the one before it.
   */
  boolean finite() {
    float[] sample = trajectory.sample();
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 4 <= sample.length; i += 4) {
      a += sample[i] * 0f;
      b += sample[i + 1] * 0f;
      c += sample[i + 2] * 0f;
      d += sample[i + 3] * 0f;
    }
    for (; i < sample.length; i++) {
      a += sample[i] * 0f;
    }
    return a + b + c + d == 0;
  }
}
