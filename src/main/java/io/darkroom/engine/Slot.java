package io.darkroom.engine;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.Trajectory;
import io.darkroom.plan.Shape;

/** One image under way, with its arrays. Engine thread only. */
final class Slot {
  private final ActiveJob job;
  private final int image;
  private final Shape sample;
  private final Trajectory trajectory;
  private final Guidance guidance;
  private final Conditioning conditional;
  private final Conditioning unconditional;
  private long waitingSinceNanos;

  Slot(ActiveJob job, int image, Shape sample, Trajectory trajectory, Conditions conditions) {
    this.job = job;
    this.image = image;
    this.sample = sample;
    this.trajectory = trajectory;
    this.guidance = job.stage().guidance();
    this.conditional = conditions.conditional();
    this.unconditional = conditions.unconditional();
  }

  /** What a slot's rows are told with and without the condition. */
  record Conditions(Conditioning conditional, Conditioning unconditional) {}

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

  /** Rows of one evaluation. */
  int rows() {
    return guidance.on() ? 2 : 1;
  }

  long waitingSinceNanos() {
    return waitingSinceNanos;
  }

  void waitingSince(long nanos) {
    waitingSinceNanos = nanos;
  }

  /** Writes this slot's rows from {@code row} on; the row behind them. */
  int fill(Denoiser.Call call, int row) {
    if (guidance.on()) {
      fill(call, row, unconditional);
      fill(call, row + 1, conditional);
      return row + 2;
    }
    fill(call, row, conditional);
    return row + 1;
  }

  /** Writes one row whose result nobody takes. */
  void fillPadding(Denoiser.Call call, int row) {
    fill(call, row, conditional);
  }

  private void fill(Denoiser.Call call, int row, Conditioning conditioning) {
    trajectory.writeInput(call.sample(row));
    call.timestep(row, trajectory.timestep());
    call.condition(row, conditioning);
  }

  /** Takes this slot's results from {@code row} on and moves the image; the row behind them. */
  int take(Denoiser.Call call, int row, float[] output, float[] guided) {
    call.output(row, output);
    int next = row + 1;
    if (guidance.on()) {
      call.output(next++, guided);
      guidance.apply(guided, output, output.length);
    }
    trajectory.advance(output);
    job.evaluated(rows());
    return next;
  }

  /** Whether every number of the sample is finite: infinities and NaN survive times zero. */
  boolean finite() {
    float sum = 0;
    for (float value : trajectory.sample()) {
      sum += value * 0f;
    }
    return sum == 0;
  }
}
