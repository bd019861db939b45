package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import java.nio.FloatBuffer;

/** A call over buffers of ONNX Runtime. */
interface OrtCall extends Denoiser.Call, AutoCloseable {

  /** Bytes of its buffers. */
  long memory();

  /** Drops the references to conditions: the call is not in use any more. */
  void forget();

  /** Lets the tensors go, not the buffers; a later run makes them anew. */
  @Override
  void close();

  /** One view per row; filling it moves its position and nothing else. */
  static FloatBuffer[] samples(Batch batch, int size, int mostRows) {
    FloatBuffer[] samples = new FloatBuffer[mostRows];
    for (int row = 0; row < mostRows; row++) {
      samples[row] = batch.sample().view(row, 0, size);
    }
    return samples;
  }

  /** Fills the batch up to a number of rows that it may have with its first one. */
  static int padded(Batch batch, int used, BatchSizes rows) {
    int padded = rows.holding(used);
    for (int row = used; row < padded; row++) {
      batch.copy(batch, 0, row);
    }
    return padded;
  }
}
