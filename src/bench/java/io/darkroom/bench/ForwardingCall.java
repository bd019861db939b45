package io.darkroom.bench;

import io.darkroom.engine.Denoiser;
import io.darkroom.model.Conditioning;
import java.nio.FloatBuffer;

/** A call that delegates to another one; a superclass of calls that change one method. */
public class ForwardingCall implements Denoiser.Call {
  protected final Denoiser.Call call;

  protected ForwardingCall(Denoiser.Call call) {
    this.call = call;
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
    call.timestep(row, timestep);
  }

  @Override
  public void condition(int row, Conditioning conditioning) {
    call.condition(row, conditioning);
  }

  @Override
  public void run(int rows) {
    call.run(rows);
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
