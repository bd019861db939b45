package io.darkroom.onnx;

import io.darkroom.model.Conditioning;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A call that is more than one run: of a network that takes one timestep for all rows, or that is
 * run with fewer rows than a call has. Rows of equal timesteps are brought together in a second
 * batch, as many as a run may have, and run one group after the other.
 */
final class GroupedCall implements OrtCall {
  private final Batch front;
  private final Batch group;
  private final BatchSizes batchSizes;
  private final FloatBuffer[] samples;
  private final double[] timesteps;
  private final boolean[] done;
  private final int[] members;

  /**
   * @param front what the engine fills and reads, never run
   * @param group what is run
   * @param mostRows of the call, those of the front
   * @param batchSizes rows of a run
   */
  GroupedCall(Batch front, Batch group, int sampleSize, int mostRows, BatchSizes batchSizes) {
    this.front = front;
    this.group = group;
    this.batchSizes = batchSizes;
    this.samples = OrtCall.samples(front, sampleSize, mostRows);
    this.timesteps = new double[mostRows];
    this.done = new boolean[mostRows];
    this.members = new int[mostRows];
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
    timesteps[row] = timestep;
  }

  @Override
  public void condition(int row, Conditioning conditioning) {
    front.condition(row, conditioning);
  }

  @Override
  public void run(int rows) {
    Arrays.fill(done, false);
    for (int row = 0; row < rows; row++) {
      if (!done[row]) {
        runGroup(timesteps[row], row, rows);
      }
    }
  }

  @Override
  public void output(int row, float[] out) {
    front.output().read(row, out);
  }

  @Override
  public int outputSize() {
    return front.output().elements();
  }

  @Override
  public long memory() {
    return front.memory() + group.memory();
  }

  @Override
  public void forget() {
    front.forget();
    group.forget();
  }

  @Override
  public void close() {
    front.close();
    group.close();
  }

  private void runGroup(double timestep, int first, int rows) {
    int count = 0;
    for (int row = first; row < rows && count < group.most(); row++) {
      if (!done[row] && Double.compare(timesteps[row], timestep) == 0) {
        group.copy(front, row, count);
        members[count++] = row;
        done[row] = true;
      }
    }
    int padded = OrtCall.padded(group, count, batchSizes);
    for (int row = 0; row < padded; row++) {
      group.timestep(row, timestep);
    }
    group.run(padded);
    for (int i = 0; i < count; i++) {
      front.output().copy(group.output(), i, members[i]);
    }
  }
}
