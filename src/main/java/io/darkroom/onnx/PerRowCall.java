package io.darkroom.onnx;

import io.darkroom.model.Conditioning;
import java.nio.FloatBuffer;

/** A call whose rows each have their timestep in the network's input. */
final class PerRowCall implements OrtCall {
  private final Batch batch;
  private final BatchSizes batchSizes;
  private final FloatBuffer[] samples;

  PerRowCall(Batch batch, int sampleSize, int mostRows, BatchSizes batchSizes) {
    this.batch = batch;
    this.batchSizes = batchSizes;
    this.samples = OrtCall.samples(batch, sampleSize, mostRows);
  }

  @Override
  public int mostRows() {
    return samples.length;
  }

  @Override
  public FloatBuffer sample(int row) {
    return samples[row].clear();
  }

  @Override
  public void timestep(int row, double timestep) {
    batch.timestep(row, timestep);
  }

  @Override
  public void condition(int row, Conditioning conditioning) {
    batch.condition(row, conditioning);
  }

  @Override
  public void run(int rows) {
    batch.run(OrtCall.padded(batch, rows, batchSizes));
  }

  @Override
  public void output(int row, float[] out) {
    batch.output().read(row, out);
  }

  @Override
  public int outputSize() {
    return batch.output().elements();
  }

  @Override
  public long memory() {
    return batch.memory();
  }

  @Override
  public void forget() {
    batch.forget();
  }

  @Override
  public void close() {
    batch.close();
  }
}
