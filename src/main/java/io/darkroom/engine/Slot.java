package io.darkroom.engine;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One running image with its arrays. Engine thread only. */
final class Slot implements CallScheduler.Contender {
  /** Number of elements below which waking a thread costs more than the draw. */
  private static final int WORTH_A_THREAD = 1 << 13;

  private static final int CONDITIONAL = 0;
  private static final int UNCONDITIONAL = 1;

  private final ActiveJob job;
  private final int part;
  private final Shape sample;
  private final Trajectory trajectory;

  /** Elements of a draw; a tile draws for the whole picture. */
  private final int drawn;

  private final NoiseAhead noise;
  private final Guidance guidance;
  private final Conditioning conditional;
  private final Conditioning unconditional;
  private final @Nullable FeatureCache cache;
  private final Pass full;
  private final Pass shallow;
  private final DeepFeatures features;
  private @Nullable Bucket bucket;
  private Pass pass;
  private int rows;
  private int level;
  private long waitingSinceNanos;

  Slot(
      ActiveJob job,
      int part,
      Shape sample,
      Trajectory trajectory,
      NoiseAhead noise,
      ConditionPlan.Rows conditions,
      DeepFeatures features) {
    this.job = job;
    this.part = part;
    this.sample = sample;
    this.trajectory = trajectory;
    this.noise = noise;
    this.guidance = job.stage().guidance();
    this.conditional = conditions.conditional();
    this.unconditional = conditions.unconditional();
    Stage stage = job.stage();
    this.features = features;
    this.cache = stage.cache().orElse(null);
    this.full = pass(Pass.Kind.FULL);
    this.shallow = pass(Pass.Kind.SHALLOW);
    this.rows = nextRows();
    this.pass = nextPass();
    this.drawn = stage.tiled() ? stage.model().sampleOf(stage.result()).size() : sample.size();
  }

  ActiveJob job() {
    return job;
  }

  int part() {
    return part;
  }

  Shape shape() {
    return sample;
  }

  /** Tokens of inputs whose size the network leaves open. */
  int tokens() {
    return conditional.tokens();
  }

  /** Name of the network's adapter; empty without one. */
  String adapter() {
    return conditional.adapter();
  }

  private Pass pass(Pass.Kind kind) {
    return cache == null ? Pass.WHOLE : new Pass(kind, cache.depth());
  }

  /**
   * Returns the part of the network that the next call runs; until {@link #setWaiting} is called,
   * that of the last call.
   */
  Pass pass() {
    return pass;
  }

  private Pass nextPass() {
    return cache == null || cache.full(trajectory.done(), guidance, trajectory.wanted())
        ? full
        : shallow;
  }

  /** Returns the deep features of its rows. */
  DeepFeatures features() {
    return features;
  }

  Trajectory trajectory() {
    return trajectory;
  }

  /** Returns the result of a finished trajectory, not a copy. */
  Tensor result() {
    return new Tensor(trajectory.result(), sample);
  }

  /** Rows of the next call; until {@link #setWaiting} is called, those of the last call. */
  @Override
  public int rows() {
    return rows;
  }

  /** Returns the maximum rows of a call. */
  int mostRows() {
    return guidance.mostRows();
  }

  private int nextRows() {
    return guidance.rows(trajectory.done(), trajectory.wanted());
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

  /** Returns the slots of its request: a request of few images does not wait for one of many. */
  @Override
  public int held() {
    return job.held();
  }

  @Override
  public long order() {
    return job.order();
  }

  /**
   * Sets the bucket whose calls it shares. Its work is estimated by the calls of the larger part of
   * a split network.
   */
  void setBucket(Bucket others) {
    if (bucket == null || others.pass().kind() != Pass.Kind.SHALLOW) {
      bucket = others;
    }
  }

  /** Sets the start of its wait for the next call, and its level. */
  void setWaiting(int newLevel, long sinceNanos) {
    rows = nextRows();
    pass = nextPass();
    level = newLevel;
    waitingSinceNanos = sinceNanos;
  }

  /** Writes the rows of this slot, starting at {@code row}. Returns the next row. */
  int fill(Denoiser.Call call, int row) {
    if (rows > 1) {
      fill(call, row, unconditional, UNCONDITIONAL);
      fill(call, row + 1, conditional, CONDITIONAL);
      return row + 2;
    }
    fill(call, row, conditional, CONDITIONAL);
    return row + 1;
  }

  /** Starts drawing the noise of the current step in another thread, if it is large enough. */
  void drawAhead(Executor others) {
    boolean draws = job.stage().sampler().draws(trajectory.done()) > 0;
    if (draws && drawn >= WORTH_A_THREAD && noise.want()) {
      others.execute(noise);
    }
  }

  /** Writes a padding row, whose output is discarded. */
  void fillPadding(Denoiser.Call call, int row) {
    fill(call, row, conditional, CONDITIONAL);
  }

  private void fill(Denoiser.Call call, int row, Conditioning conditioning, int feature) {
    trajectory.writeInput(call.sample(row));
    call.timestep(row, trajectory.timestep());
    call.condition(row, conditioning);
    if (pass.kind() == Pass.Kind.SHALLOW) {
      call.setFeature(row, features.row(feature));
    }
  }

  /** Keeps the deep features of the rows of a full evaluation. */
  private void keepFeatures(Denoiser.Call call, int row) {
    if (rows > 1) {
      call.feature(row, features.row(UNCONDITIONAL));
    }
    call.feature(row + rows - 1, features.row(CONDITIONAL));
  }

  /**
   * Reads the results of this slot, starting at {@code row}, and moves the image. Returns the next
   * row.
   */
  int take(Denoiser.Call call, int row, float[] output, float[] guided) {
    if (pass.kind() == Pass.Kind.FULL) {
      keepFeatures(call, row);
    }
    call.output(row, output);
    int next = row + 1;
    if (rows > 1) {
      call.output(next++, guided);
      guidance.apply(guided, output, output.length);
    }
    trajectory.denoise(output);
    job.listener().denoised(part, trajectory.done() + 1, output);
    trajectory.accept(output);
    job.progress().evaluated(rows);
    return next;
  }

  /**
   * Returns whether every number of the sample is finite: zero times NaN or infinity is NaN.
   * Several sums are used, because each addition must wait for the one before it.
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
