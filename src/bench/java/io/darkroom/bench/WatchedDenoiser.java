package io.darkroom.bench;

import io.darkroom.engine.Denoiser;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A denoiser whose runs are timed, and most of which can be skipped. Skipping runs the loop around
 * it thousands of times in a second, so that the JVM has compiled the loop when it is measured.
 */
final class WatchedDenoiser implements Denoiser {
  /** Some runs are not skipped; otherwise the JVM would compile a loop without runs. */
  private static final int ONE_IN = 300;

  private final Denoiser denoiser;
  private final Stopwatch runs = new Stopwatch();
  private final Map<Shape, Watched> calls = new HashMap<>();
  private boolean rehearsing;
  private int leftOut;

  WatchedDenoiser(Denoiser denoiser) {
    this.denoiser = denoiser;
  }

  /** Sets whether runs are skipped. */
  void rehearse(boolean now) {
    rehearsing = now;
  }

  /** Returns the time of all runs. */
  Stopwatch runs() {
    return runs;
  }

  @Override
  public int mostRows() {
    return denoiser.mostRows();
  }

  @Override
  public int rowsOfCall(int used) {
    return denoiser.rowsOfCall(used);
  }

  @Override
  public Watched call(Shape sample) {
    return calls.computeIfAbsent(sample, shape -> new Watched(denoiser.call(shape)));
  }

  private boolean leavesOut() {
    return rehearsing && ++leftOut % ONE_IN != 0;
  }

  /** A call that remembers timesteps and conditions of its rows. */
  final class Watched extends ForwardingCall {
    private final double[] timesteps;
    private final Conditioning[] conditions;

    private Watched(Call call) {
      super(call);
      this.timesteps = new double[call.mostRows()];
      this.conditions = new Conditioning[call.mostRows()];
      Arrays.fill(conditions, Conditioning.NONE);
    }

    double timestep(int row) {
      return timesteps[row];
    }

    Conditioning condition(int row) {
      return conditions[row];
    }

    @Override
    public void timestep(int row, double timestep) {
      timesteps[row] = timestep;
      super.timestep(row, timestep);
    }

    @Override
    public void condition(int row, Conditioning conditioning) {
      conditions[row] = conditioning;
      super.condition(row, conditioning);
    }

    @Override
    public void run(int rows) {
      if (!leavesOut()) {
        runs.begin();
        super.run(rows);
        runs.end();
      }
    }
  }
}
