package io.darkroom.onnx;

import io.darkroom.model.Conditioning;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A call of a network that has one timestep for all rows of a run. Rows with equal timesteps are
 * copied together to a second batch of at most one run; each lane has such a batch.
 */
final class GroupedCall implements OrtCall, Lanes.Work {
  private final Batch front;
  private final List<Batch> groups;
  private final BatchSizes batchSizes;
  private final Lanes lanes;
  private final int mostRows;
  private final FloatBuffer[] samples;
  private final double[] timesteps;
  private final boolean[] done;

  /** The rows in the order of runs. */
  private final int[] members;

  /** Index in the members at which each run begins, and the end of the last one. */
  private final int[] begins;

  /**
   * @param front batch that the engine fills and reads; never run
   * @param groups batches that are run, one for each lane
   * @param mostRows maximum rows of the call
   * @param batchSizes allowed rows of a run
   */
  GroupedCall(
      Batch front,
      List<Batch> groups,
      int sampleSize,
      int mostRows,
      BatchSizes batchSizes,
      Lanes lanes) {
    this.front = front;
    this.groups = List.copyOf(groups);
    this.batchSizes = batchSizes;
    this.lanes = lanes;
    this.mostRows = mostRows;
    this.samples = OrtCall.samples(front, sampleSize);
    this.timesteps = new double[samples.length];
    this.done = new boolean[samples.length];
    this.members = new int[samples.length];
    this.begins = new int[samples.length + 1];
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
    timesteps[row] = timestep;
  }

  @Override
  public void condition(int row, Conditioning conditioning) {
    front.condition(row, conditioning);
  }

  @Override
  public void run(int rows) {
    int most = batchSizes.part(rows, lanes.count());
    Arrays.fill(done, false);
    int runs = 0;
    for (int row = 0; row < rows; row++) {
      if (!done[row]) {
        begins[runs + 1] = grouped(row, rows, begins[runs], most);
        runs++;
      }
    }
    lanes.run(runs, this);
  }

  /**
   * Groups a row with other rows of its timestep, at most a run's.
   *
   * @return the end of the group
   */
  private int grouped(int first, int rows, int begin, int most) {
    int end = begin;
    for (int row = first; row < rows && end - begin < most; row++) {
      if (!done[row] && Double.compare(timesteps[row], timesteps[first]) == 0) {
        members[end++] = row;
        done[row] = true;
      }
    }
    return end;
  }

  @Override
  public void run(int number, int lane) {
    Batch group = groups.get(lane);
    int begin = begins[number];
    int count = begins[number + 1] - begin;
    for (int i = 0; i < count; i++) {
      group.copy(front, members[begin + i], i);
    }
    int padded = batchSizes.holding(count);
    OrtCall.pad(group, count, padded);
    for (int row = 0; row < padded; row++) {
      group.timestep(row, timesteps[members[begin]]);
    }
    group.run(0, padded);
    for (int i = 0; i < count; i++) {
      front.copyOutputs(group, i, members[begin + i]);
    }
  }

  @Override
  public Batch rows() {
    return front;
  }

  @Override
  public long memory() {
    return front.memory() + groups.stream().mapToLong(Batch::memory).sum();
  }

  @Override
  public void forget() {
    front.forget();
    groups.forEach(Batch::forget);
  }

  @Override
  public void close() {
    front.close();
    groups.forEach(Batch::close);
  }
}
