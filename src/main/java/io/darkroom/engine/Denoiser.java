package io.darkroom.engine;

import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import java.nio.FloatBuffer;

/**
 * A denoising network on a device, with a timestep per row and several rows per run. Used by the
 * engine thread only. Calls and their buffers are reused, so a run allocates nothing.
 */
public interface Denoiser {

  /** Maximum rows of one run with small samples; for large samples it may be lower. */
  int mostRows();

  /**
   * Number of rows of a run with {@code used} rows: the same, or more if the guarantee of the tier
   * holds only for some numbers of rows.
   */
  int rowsOfCall(int used);

  /**
   * The call for samples of this shape. It is the same object for the same shape until it is {@link
   * #release released}.
   *
   * @param sample shape {@code [C, H, W]} of the sample, without condition channels
   * @throws DeviceFailure if the network does not accept such samples, or there is no memory for
   *     them
   */
  Call call(Shape sample);

  /** Releases the call of this shape; its memory may be reused. */
  default void release(Shape sample) {}

  /** The input and output buffers of one run; their addresses do not change. */
  interface Call {

    /** Maximum rows of one run, at least 2 so that an image with guidance fits. */
    int mostRows();

    /**
     * Input sample of row {@code row}, {@code [C, H, W]}: a view that starts at the row, to be
     * filled before {@link #run}.
     */
    FloatBuffer sample(int row);

    /** The timestep of a row, in training timesteps; rounded where the input is integer. */
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
  }
}
