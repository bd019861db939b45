package io.darkroom.engine;

import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import java.nio.FloatBuffer;

/**
 * A denoising network on a device: a timestep per row, many rows per run. Used by the engine thread
 * only; what it hands out is reused, so nothing is allocated per run.
 */
public interface Denoiser {

  /** Most rows of one run of small samples; a call for large ones may take fewer. */
  int mostRows();

  /**
   * How many rows a run of so many has: as many, or more where only some numbers of rows keep what
   * the tier promises.
   */
  int rowsOfCall(int used);

  /**
   * The call for samples of this shape, always the same object for the same shape until it is
   * {@link #release released}; afterwards perhaps another one.
   *
   * @param sample {@code [C, H, W]} of the sample, without condition channels
   * @throws DeviceFailure where the network takes no such samples, or there is no memory for them
   */
  Call call(Shape sample);

  /** The call of this shape is not used any more: its memory may be given to others. */
  default void release(Shape sample) {}

  /** Inputs and outputs of one run, in buffers that stay where they are. */
  interface Call {

    /** Most rows of one run, 2 or more, so that an image with guidance fits. */
    int mostRows();

    /**
     * Row {@code row} of the input sample {@code [C, H, W]}: a view whose position is the row's
     * begin, to be filled before {@link #run}.
     */
    FloatBuffer sample(int row);

    /** The timestep of a row, in training timesteps; rounded where the input is integer. */
    void timestep(int row, double timestep);

    /**
     * What row {@code row} is conditioned on; cheap where it is the same object as last time.
     *
     * @throws DeviceFailure where the network has no such input
     */
    void condition(int row, Conditioning conditioning);

    /**
     * Runs the first {@code rows} rows.
     *
     * @throws DeviceFailure where the device could not do it
     */
    void run(int rows);

    /** Copies the output of row {@code row}, {@code [C', H, W]}, into {@code out}. */
    void output(int row, float[] out);

    /** Elements of one row's output. */
    int outputSize();
  }
}
