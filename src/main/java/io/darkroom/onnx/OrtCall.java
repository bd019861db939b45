package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import java.nio.FloatBuffer;

/** A call over buffers of ONNX Runtime. */
interface OrtCall extends Denoiser.Call, AutoCloseable {

  /** Returns the batch whose inputs and outputs belong to the engine's rows. */
  Batch rows();

  @Override
  default void output(int row, float[] out) {
    rows().output().read(row, out);
  }

  @Override
  default int outputSize() {
    return rows().output().elements();
  }

  @Override
  default int featureSize() {
    return rows().featureSize();
  }

  @Override
  default boolean readsFeature() {
    return rows().featureGiven();
  }

  @Override
  default void feature(int row, float[] out) {
    rows().feature().read(row, out);
  }

  @Override
  default void setFeature(int row, float[] feature) {
    rows().feature().write(row, 0, feature);
  }

  /** Returns the bytes of its buffers. */
  long memory();

  /** Drops the references to conditions, because the call is not in use any more. */
  void forget();

  /** Closes the tensors but not the buffers; a later run creates them again. */
  @Override
  void close();

  /** Returns one view per row; filling a view moves only its position. */
  static FloatBuffer[] samples(Batch batch, int size) {
    FloatBuffer[] samples = new FloatBuffer[batch.most()];
    for (int row = 0; row < samples.length; row++) {
      samples[row] = batch.sample().view(row, 0, size);
    }
    return samples;
  }

  /** Pads the batch up to a number of rows with copies of its first row. */
  static void pad(Batch batch, int used, int rows) {
    for (int row = used; row < rows; row++) {
      batch.copy(batch, 0, row);
    }
  }
}
