package io.darkroom.onnx;

import io.darkroom.model.Conditioning;
import java.nio.FloatBuffer;

/**
 * A call whose rows have separate timesteps in the network's input. It consists of one run per
 * lane, or more if the rows of a run are limited; each run has consecutive rows.
 */
final class PerRowCall implements OrtCall, Lanes.Work {
  private final Batch batch;
  private final BatchSizes batchSizes;
  private final Lanes lanes;
  private final int mostRows;
  private final FloatBuffer[] samples;
  private int rows;
  private int part;

  /**
   * Creates a call.
   *
   * @param batch a batch for the rows of all runs, including padding
   * @param mostRows maximum rows of the call
   * @param batchSizes allowed rows of a run
   */
  PerRowCall(Batch batch, int sampleSize, int mostRows, BatchSizes batchSizes, Lanes lanes) {
    this.batch = batch;
    this.batchSizes = batchSizes;
    this.lanes = lanes;
    this.mostRows = mostRows;
    this.samples = OrtCall.samples(batch, sampleSize);
  }

  @Override
  public int mostRows() {
    return mostRows;
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
  public void run(int used) {
    rows = batchSizes.total(used, lanes.count());
    part = batchSizes.part(used, lanes.count());
    OrtCall.pad(batch, used, rows);
    lanes.run(batchSizes.parts(used, lanes.count()), this);
  }

  /** Runs the rows of a part; the last part has the remaining rows. */
  @Override
  public void run(int number, int lane) {
    int first = number * part;
    batch.run(first, Math.min(part, rows - first));
  }

  @Override
  public Batch rows() {
    return batch;
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
