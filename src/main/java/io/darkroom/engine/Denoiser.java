package io.darkroom.engine;

import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import java.nio.FloatBuffer;

/**
 * A denoising network on a device, with a timestep per row and several rows per run. Used by the
 * engine thread only. Calls and their buffers are reused, so a run allocates nothing.
 */
public interface Denoiser {

  /** Returns the maximum rows of one run with small samples; for large samples it may be lower. */
  int mostRows();

  /**
   * Returns the number of rows of a run with {@code used} rows: the same, or more if the guarantee
   * of the tier holds only for some numbers of rows.
   */
  int rowsOfCall(int used);

  /**
   * Returns the call for samples of this shape. It is the same object for the same shape until it
   * is {@link #release released}.
   *
   * @param sample shape {@code [C, H, W]} of the sample, without condition channels
   * @throws DeviceFailure if the network does not accept such samples, or there is no memory for
   *     them
   */
  Call call(Shape sample);

  /**
   * Returns the call for samples of this shape and a number of tokens of inputs whose size the
   * network leaves open.
   */
  default Call call(Shape sample, int tokens) {
    return call(sample);
  }

  /** Releases the call of this shape; its memory may be reused. */
  default void release(Shape sample) {}

  /** Releases the call of this shape and number of tokens. */
  default void release(Shape sample, int tokens) {
    release(sample);
  }

  /** The input and output buffers of one run; their addresses do not change. */
  interface Call {

    /** Returns the maximum rows of one run, at least 2 so that an image with guidance fits. */
    int mostRows();

    /**
     * Returns the input sample of row {@code row}, {@code [C, H, W]}: a view that starts at the
     * row, to be filled before {@link #run}.
     */
    FloatBuffer sample(int row);

    /** Sets the timestep of a row, in training timesteps; rounded if the input is an integer. */
    void timestep(int row, double timestep);

    /**
     * Sets the condition of row {@code row}; cheap if it is the same object as in the last run.
     *
     * @throws DeviceFailure if the network has no such input
     */
    void condition(int row, Conditioning conditioning);

    /**
     * Runs the first {@code rows} rows.
     *
     * @throws DeviceFailure if the device failed
     */
    void run(int rows);

    /** Copies the output of row {@code row}, {@code [C', H, W]}, into {@code out}. */
    void output(int row, float[] out);

    /** Elements of one row's output. */
    int outputSize();

    /** Returns the elements of one row's deep feature; 0 if the network is not split. */
    default int featureSize() {
      return 0;
    }

    /** Returns whether rows read a deep feature; otherwise a split network gives one. */
    default boolean readsFeature() {
      return false;
    }

    /**
     * Copies the deep feature that row {@code row} gave, {@code [C', H', W']}, into {@code out}.
     */
    default void feature(int row, float[] out) {
      throw new IllegalStateException("the network is not split");
    }

    /** Sets the deep feature that row {@code row} reads, {@code [C', H', W']}. */
    default void setFeature(int row, float[] feature) {
      throw new IllegalStateException("the network is not split");
    }
  }
}
