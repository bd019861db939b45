package io.darkroom.bench;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.LatentCodec;
import io.darkroom.engine.Networks;
import io.darkroom.job.Fingerprint;
import io.darkroom.model.Condition;
import io.darkroom.model.Conditioning;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.condition.ClassLabel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** A network whose output is its sample, in direct buffers as those of real networks. */
final class IdentityNetworks implements Networks {
  static final int CHANNELS = 4;
  static final int MOST_ROWS = 16;

  private final ModelCard card;
  private final long busyNanos;

  IdentityNetworks(int side) {
    this(side, 0);
  }

  /**
   * A network that keeps its thread busy.
   *
   * @param busyNanos duration of a run
   */
  IdentityNetworks(int side, long busyNanos) {
    this.busyNanos = busyNanos;
    Condition classes = ClassLabel.of(Map.of("any", 1), 2, OptionalInt.of(0));
    card =
        new ModelCard(
            "identity",
            "0".repeat(64),
            Map.of(),
            new ModelCard.Network(CHANNELS, CHANNELS, CHANNELS, side, side, 1, true, true),
            List.of(classes),
            Space.PIXELS,
            Map.of("_class_name", "EulerAncestralDiscreteScheduler", "prediction_type", "epsilon"),
            "0".repeat(64),
            new ModelCard.Defaults(
                OptionalInt.empty(), OptionalDouble.empty(), OptionalDouble.empty()));
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Denoiser denoiser() {
    return new Identity(busyNanos);
  }

  @Override
  public Optional<LatentCodec> latentCodec() {
    return Optional.empty();
  }

  @Override
  public Fingerprint.Device device() {
    return new Fingerprint.Device(
        "none", "java", Map.of(), "java", "", 1, "float32", "none", "exact", "1-" + MOST_ROWS);
  }

  @Override
  public void close() {}

  private record Identity(long busyNanos) implements Denoiser {
    @Override
    public int mostRows() {
      return MOST_ROWS;
    }

    @Override
    public int rowsOfCall(int used) {
      return used;
    }

    @Override
    public Call call(Shape sample) {
      return new Copy(sample.size(), busyNanos);
    }
  }

  private static final class Copy implements Denoiser.Call {
    private final int size;
    private final long busyNanos;
    private final FloatBuffer samples;
    private final FloatBuffer outputs;

    Copy(int size, long busyNanos) {
      this.size = size;
      this.busyNanos = busyNanos;
      this.samples = direct(size * MOST_ROWS);
      this.outputs = direct(size * MOST_ROWS);
    }

    @Override
    public int mostRows() {
      return MOST_ROWS;
    }

    @Override
    public FloatBuffer sample(int row) {
      return samples.position(row * size);
    }

    @Override
    public void timestep(int row, double timestep) {}

    @Override
    public void condition(int row, Conditioning conditioning) {}

    @Override
    public void run(int rows) {
      long begin = System.nanoTime();
      outputs.put(0, samples, 0, rows * size);
      while (System.nanoTime() - begin < busyNanos) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void output(int row, float[] out) {
      outputs.get(row * size, out, 0, size);
    }

    @Override
    public int outputSize() {
      return size;
    }

    private static FloatBuffer direct(int elements) {
      return ByteBuffer.allocateDirect(elements * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }
  }
}
