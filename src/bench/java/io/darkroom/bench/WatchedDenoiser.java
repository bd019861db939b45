package io.darkroom.bench;

import io.darkroom.engine.Denoiser;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A denoiser whose runs are timed, and can be left out all but a few: so the loop around it is
 * turned in a second as often as in minutes of work, and the JVM has compiled it when it is
 * measured.
 */
final class WatchedDenoiser implements Denoiser {
  /** Runs that are made nevertheless, or the JVM would compile a loop that never makes one. */
  private static final int ONE_IN = 300;

  private final Denoiser denoiser;
  private final Stopwatch runs = new Stopwatch();
  private final Map<Shape, Watched> calls = new HashMap<>();
  private boolean rehearsing;
  private int leftOut;

  WatchedDenoiser(Denoiser denoiser) {
    this.denoiser = denoiser;
  }

  /** Whether runs are left out from now on. */
  void rehearse(boolean now) {
    rehearsing = now;
  }

  /** Time of all runs. */
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

  /** A call that remembers what its rows were told. */
  final class Watched implements Call {
    private final Call call;
    private final double[] timesteps;
    private final Conditioning[] conditions;

    private Watched(Call call) {
      this.call = call;
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
    public int mostRows() {
      return call.mostRows();
    }

    @Override
    public FloatBuffer sample(int row) {
      return call.sample(row);
    }

    @Override
    public void timestep(int row, double timestep) {
      timesteps[row] = timestep;
      call.timestep(row, timestep);
    }

    @Override
    public void condition(int row, Conditioning conditioning) {
      conditions[row] = conditioning;
      call.condition(row, conditioning);
    }

    @Override
    public void run(int rows) {
      if (!leavesOut()) {
        runs.begin();
        call.run(rows);
        runs.end();
      }
    }

    @Override
    public void output(int row, float[] out) {
      call.output(row, out);
    }

    @Override
    public int outputSize() {
      return call.outputSize();
    }
  }
}
