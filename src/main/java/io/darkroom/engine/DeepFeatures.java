package io.darkroom.engine;

import io.darkroom.diffusion.sampler.DamagedState;
import io.darkroom.plan.Stage;
import java.nio.ByteBuffer;

/**
 * The deep features of an image's rows that its last full evaluation gave: of the conditional row,
 * and of the unconditional one if there is guidance. Written in full evaluations and read in
 * shallow ones. Owned by one thread at a time.
 */
public final class DeepFeatures {
  /** The features of an image without a cache. */
  public static final DeepFeatures NONE = new DeepFeatures(0, 0);

  private final float[][] rows;

  private DeepFeatures(int rows, int size) {
    this.rows = new float[rows][size];
  }

  /** Returns features of zeros for an image of a stage. */
  static DeepFeatures of(Stage stage) {
    return stage.cache().isEmpty()
        ? NONE
        : new DeepFeatures(stage.guidance().mostRows(), Math.toIntExact(stage.featureSize()));
  }

  /** Returns the feature of a row: 0 = conditional, 1 = unconditional. */
  float[] row(int row) {
    return rows[row];
  }

  /** Returns the number of bytes of {@link #encode}. */
  public long encodedBytes() {
    return rows.length == 0 ? 0 : (long) Float.BYTES * rows.length * rows[0].length;
  }

  /** Returns the features as bytes: float32, big-endian. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(encodedBytes()));
    for (float[] row : rows) {
      out.asFloatBuffer().put(row);
      out.position(out.position() + row.length * Float.BYTES);
    }
    return out.array();
  }

  /**
   * Reads the features of an image.
   *
   * @param in positioned at the features, which end with it
   * @throws DamagedState if the bytes are not those of the stage's features
   */
  public static DeepFeatures decode(ByteBuffer in, Stage stage) throws DamagedState {
    long wanted =
        stage.cache().isEmpty()
            ? 0
            : (long) Float.BYTES * stage.guidance().mostRows() * stage.featureSize();
    if (in.remaining() != wanted) {
      throw new DamagedState(
          "bytes of cached features must be " + wanted + ", are " + in.remaining());
    }
    DeepFeatures features = of(stage);
    for (float[] row : features.rows) {
      in.asFloatBuffer().get(row);
      in.position(in.position() + row.length * Float.BYTES);
    }
    return features;
  }
}
